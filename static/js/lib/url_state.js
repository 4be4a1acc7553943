/**
 * What a colleague should see when sent the link: the selected step in the path, the overlay in the query.
 * @module
 */

/**
 * @param {string} href
 * @returns {{step: number, colour: string | null}} step 0 where none is selected
 */
export function readAddress(href) {
  const url = new URL(href);
  const match = url.pathname.match(/\/steps\/(\d+)\/?$/);
  return { step: match ? Number(match[1]) : 0, colour: url.searchParams.get("colour") };
}

/**
 * @param {string} href the present address, whose other parameters stay
 * @param {string} runPath path of the run's page, with its last slash
 * @param {{step: number, colour: string | null}} state
 * @returns {string} path and query
 */
export function writeAddress(href, runPath, { step, colour }) {
  const url = new URL(href);
  url.pathname = step ? `${runPath}steps/${step}/` : runPath;
  if (colour) url.searchParams.set("colour", colour);
  else url.searchParams.delete("colour");
  return url.pathname + url.search + url.hash;
}
