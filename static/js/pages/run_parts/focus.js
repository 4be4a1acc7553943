/**
 * Where the focus of the tree page goes when what had it is no more: a button that hides itself, a control that is switched
 * off, a dialog opened from nowhere. It takes the focus from nothing that is still there.
 * @module
 */

import { place } from "./places.js";

/** To the tree, as picture or as outline, whichever is shown. */
export function focusTree() {
  const outline = place("outline");
  (outline.hidden ? place("canvas") : outline).focus();
}

/** Without this the next Tab would begin at the top of the page again. */
export function attachFocus() {
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget || !(target instanceof HTMLElement)) return;
    // Whoever gives the focus on does so before this.
    setTimeout(() => {
      if (document.activeElement === document.body && isGone(target)) focusTree();
    });
  });
}

/** @param {HTMLElement} element */
function isGone(element) {
  return !element.isConnected || !element.checkVisibility() || element.matches(":disabled");
}
