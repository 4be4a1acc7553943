/**
 * What a colleague should see when sent the link: the selected step in the path, everything else as parameters.
 * @module
 */

/**
 * @param {string} href
 * @returns {number} the selected step, 0 where none is
 */
export function stepOf(href) {
  const match = new URL(href).pathname.match(/\/steps\/(\d+)\/?$/);
  return match ? Number(match[1]) : 0;
}

/**
 * @param {string} href
 * @param {string} name
 * @returns {string | null} what stands for it in the address
 */
export function parameterOf(href, name) {
  return new URL(href).searchParams.get(name);
}

/**
 * @param {string} href the present address, whose other parameters stay
 * @param {string} runPath path of the run's page, with its last slash
 * @param {number} step 0 for none
 * @returns {string} path, query and fragment
 */
export function withStep(href, runPath, step) {
  const url = new URL(href);
  url.pathname = step ? `${runPath}steps/${step}/` : runPath;
  return url.pathname + url.search + url.hash;
}

/**
 * @param {string} href the present address, of which everything else stays
 * @param {string} name
 * @param {string | null} value null or empty leaves it out
 * @returns {string} path, query and fragment
 */
export function withParameter(href, name, value) {
  const url = new URL(href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  return url.pathname + url.search + url.hash;
}
