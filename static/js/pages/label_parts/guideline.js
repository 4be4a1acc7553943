/**
 * The guideline beside the steps: there from the start where it takes no room from the steps, else unfolded by key;
 * fetched when it is first looked at, as the server renders it.
 * @module
 */

import { ApiError, getFragment } from "../../net/api.js";
import { typesetAll } from "../../panels/run_facts.js";
import { button, element } from "../../panels/element.js";
import { given, place } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */

const KEPT = "guideline beside tasks";
// Rows keep their full measure beside it from here on.
const HAS_ROOM = "(min-width: 1400px)";
// Below this it stands above the steps: there it is unfolded by hand alone.
const IS_BESIDE = "(min-width: 900px)";

/** @param {LabelPage} page @returns {Record<string, () => void>} */
export function attach(page) {
  const toggle = place("guideline-toggle");
  toggle.hidden = !given.guideline;
  if (!given.guideline) return {};
  const flip = () => {
    const isOpen = Boolean(place("guideline-aside").hidden);
    localStorage.setItem(KEPT, isOpen ? "open" : "closed");
    unfold(isOpen);
  };
  toggle.addEventListener("click", flip);
  // With the first task and not before: until then the place of tasks may ask for the same words to be read.
  const unwatch = page.piece.watch(() => {
    unwatch();
    const kept = localStorage.getItem(KEPT);
    unfold(matchMedia(IS_BESIDE).matches && (kept ? kept === "open" : matchMedia(HAS_ROOM).matches));
  });
  return { q: flip };
}

/** @param {boolean} isOpen */
function unfold(isOpen) {
  place("guideline-aside").hidden = !isOpen;
  place("guideline-toggle").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) void show(place("guideline-words"));
}

/**
 * Puts the guideline into a place, once; where it has to be confirmed, the fragment says so and has the button.
 * @param {HTMLElement} host
 */
export async function show(host) {
  if (host.dataset.shown) return;
  try {
    const page = await getFragment(given.guideline);
    host.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
    host.dataset.shown = "1";
    typesetAll(host);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const again = button("button", () => void show(host), "Try again");
    host.replaceChildren(element("p", "notice notice-error", `The guideline did not come: ${error.message} `, again));
  }
}
