/**
 * Where things stand on the tree page, and what it was given; it changes nothing but the notice of a failure.
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

export const root = place("run");

/**
 * @type {{tree: string, beside: string, fork: string, find: string, steps: string, labels: string, runPage: string, facts: string, socket: string, status: string,
 *   signIn: string, overlays: string, visits: string, events: string, runId: string, comments: string,
 *   commentsSocket: string, discussions: string, discussionsApi: string, settling?: string}}
 */
export const given = /** @type {any} */ (root.dataset);

/** @param {string | undefined} status of a run, as its tree's header says it @returns {boolean} whether it is still to be played on */
export function isOpen(status) {
  return status === "waiting" || status === "running";
}

/** @param {unknown} error @param {() => void} again */
export function showFailure(error, again) {
  place("loading").hidden = true;
  place("failure").hidden = false;
  place("failure-words").textContent = error instanceof Error ? error.message : String(error);
  place("failure-again").onclick = () => {
    place("failure").hidden = true;
    again();
  };
}
