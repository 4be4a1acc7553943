/**
 * Keys to actions: those of the whole page, and those that pan while the canvas has the focus. Knows no action itself.
 * @module
 */

import { isSingle, Keys } from "../lib/keys.js";

const PAN = 60;
/** Keys that lead from one thing to the next go on while they are held; whatever is said, opened or sent is so once. */
const REPEATING = new Set(["j", "k", "h", "l", "[", "]", "=", "_", "n", "N", ",", ".", "u"]);

/**
 * Single keys act wherever the focus is, but where one writes, in menus and with a modifier held. What somebody presses
 * is what they chose in their profile (body[data-keys]); the actions know only the keys as shipped.
 * @param {Record<string, () => void>} actions by the shipped key's name, as KeyboardEvent.key gives it
 */
export function attachKeys(actions) {
  const keys = new Keys(document.body.dataset.keys);
  const unlisted = keys.unlisted(Object.keys(actions));
  if (unlisted.length) console.warn(`Keys that apps/accounts/keys.py does not list: ${unlisted.join(" ")}`);
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !isSingle(event) || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === " " && isPressed(event.target)) return;
    const meant = keys.meant(event.key);
    const action = meant !== null && Object.hasOwn(actions, meant) ? actions[meant] : undefined;
    if (!action) return;
    event.preventDefault();
    if (!event.repeat || REPEATING.has(meant ?? "")) action();
  });
  // The palette asks for what a key does by the key's name, also where single keys are off.
  addEventListener("act", (event) => {
    const asked = /** @type {CustomEvent<string>} */ (event).detail;
    if (Object.hasOwn(actions, asked)) actions[asked]();
  });
}

/**
 * @param {import("./tree_canvas.js").TreeCanvas} canvas
 */
export function attachPanKeys(canvas) {
  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
  canvas.host.addEventListener("keydown", (event) => {
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (!move || !isSingle(event) || event.target !== canvas.host) return;
    event.preventDefault();
    canvas.pan(...move);
  });
}

/**
 * Whether a key pressed there is written or picks something, so that it must not act. A slider takes arrows only, which are no
 * keys of a page.
 * @param {EventTarget | null} target
 */
export function isWriting(target) {
  const fields = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";
  return target instanceof HTMLElement && target.closest(fields) !== null;
}

/**
 * Whether the space bar presses what has the focus, or follows it.
 * @param {EventTarget | null} target
 */
function isPressed(target) {
  return target instanceof HTMLElement && target.closest("button, summary, a[href], [type=checkbox], [role=treeitem]") !== null;
}
