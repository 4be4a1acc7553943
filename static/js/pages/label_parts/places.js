/**
 * Where things stand on the labelling page, and what it was given. It changes nothing.
 * @module
 */

/**
 * @param {string} part
 * @returns {HTMLElement}
 */
export function place(part) {
  const found = document.querySelector(`[data-part="${part}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no part ${part}.`);
  return found;
}

export const root = place("label");

/**
 * next, turns: of the API; queues, page: pages; turn: id of the one turn to be shown, empty for whichever is next; guideline: fragment,
 * empty where the queue has none; steps, turnTimes: seconds of what the reader did lately, JSON
 * @type {{next: string, turns: string, queues: string, page: string, turn: string, guideline: string, person: string, team: string,
 *   steps: string, turnTimes: string}}
 */
export const given = /** @type {any} */ (root.dataset);

/** @param {string} words what listeners hear */
export function say(words) {
  place("announce").textContent = words;
}
