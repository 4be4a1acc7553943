/**
 * Keys to actions: those of the whole page, and those that pan while the canvas has the focus. Knows no action itself.
 * @module
 */

const PAN = 60;

/**
 * Single keys act wherever the focus is, but where one writes, in menus and with a modifier held.
 * @param {Record<string, () => void>} actions by the key's name, as KeyboardEvent.key gives it
 */
export function attachKeys(actions) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
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
    if (!move || event.ctrlKey || event.metaKey || event.altKey || event.target !== canvas.host) return;
    event.preventDefault();
    canvas.pan(...move);
  });
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof HTMLElement && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}
