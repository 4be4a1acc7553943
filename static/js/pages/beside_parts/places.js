/**
 * Where things stand on the page of two branches. It changes nothing.
 * @module
 */

/**
 * @param {string} part
 * @param {ParentNode} [within] both sides have parts of the same name
 * @returns {HTMLElement}
 */
export function place(part, within = document) {
  const found = within.querySelector(`[data-part="${part}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no part ${part}.`);
  return found;
}
