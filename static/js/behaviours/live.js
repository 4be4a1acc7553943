/**
 * Fires `live` on its element when the socket named in data-socket tells of a change, at most once a second, so that
 * htmx says hx-trigger="live"; data-live says how the line is. Asks for nothing itself.
 *
 * A line that is refused may only have lost its session to a new one of the same reader, who signed in again or changed
 * a password in another tab: the page is asked for once more, and where it comes there is a line again.
 * @module
 */

import { listen } from "../net/live.js";

const GAP_MS = 1_000;
const AGAIN_MS = 2_000;

/** @param {HTMLElement} place */
export function attach(place) {
  const address = place.dataset.socket;
  if (!address) throw new Error("An element with the behaviour live names its socket in data-socket.");
  const fire = spaced(() => place.dispatchEvent(new CustomEvent("live")), GAP_MS);
  const leaving = new AbortController();
  let line = { close() {} };
  let again = 0;
  const open = () => {
    again = 0;
    line = listen(address, {
      told: fire,
      state(name) {
        place.dataset.live = name;
        if (name === "refused") fire();
      },
    });
  };
  open();
  const isRefused = () => place.dataset.live === "refused" && !again;
  place.addEventListener("htmx:after:swap", () => isRefused() && (again = setTimeout(open, AGAIN_MS)), leaving);
  // Who comes back to this tab may have signed in in another one.
  document.addEventListener("visibilitychange", () => !document.hidden && isRefused() && fire(), leaving);
  // A thing that is over says so by leaving its socket out of the page that was brought up to date.
  const over = new MutationObserver(() => {
    if (!place.dataset.socket) end();
  });
  const end = () => {
    over.disconnect();
    leaving.abort();
    clearTimeout(again);
    line.close();
    delete place.dataset.live;
  };
  over.observe(place, { attributeFilter: ["data-socket"] });
  return { detach: end };
}

/**
 * @param {() => void} act
 * @param {number} gapMs
 * @returns {() => void} acts at once, then at most once a gap; never leaves out the last call
 */
function spaced(act, gapMs) {
  let isWaiting = false;
  let isDue = false;
  const run = () => {
    isDue = false;
    isWaiting = true;
    act();
    setTimeout(() => {
      isWaiting = false;
      if (isDue) run();
    }, gapMs);
  };
  return () => {
    isDue = true;
    if (!isWaiting) run();
  };
}
