/**
 * What can be done on the tree page by key and by button, each as one call of the page. It holds no state.
 * @module
 */

import { attachKeys, attachPanKeys } from "../../canvas/keyboard.js";
import { attachPointer } from "../../canvas/pointer.js";
import { childrenOf, siblingOf } from "../../lib/tree.js";
import { attachFocus } from "./focus.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const ZOOM = 1.4;
const PAN = 120;

/**
 * @param {RunPage} page
 * @param {import("./features.js").Keys} besides what the page's features act on
 */
export function attachActions(page, besides) {
  attachFocus();
  attachPointer(page.canvas, page.choose);
  attachPanKeys(page.canvas);
  attachKeys({ ...keyActions(page), ...besides });
  for (const [part, act] of Object.entries(buttonActions(page))) place(part).addEventListener("click", act);
}

/**
 * @param {RunPage} page
 * @returns {Record<string, () => void>}
 */
function keyActions(page) {
  const { selected, label } = page;
  const at = () => selected.get();
  /** @type {Record<string, () => void>} */
  const actions = {
    j: () => page.move(1),
    k: () => page.move(-1),
    h: () => page.choose(page.tree.parent[at()] || at()),
    l: () => page.choose(page.nextOnBranch(at()) ?? childrenOf(page.tree, at())[0] ?? at()),
    "[": () => page.choose(siblingOf(page.tree, at(), -1)),
    "]": () => page.choose(siblingOf(page.tree, at(), 1)),
    "=": () => page.canvas.zoom(ZOOM),
    _: () => page.canvas.zoom(1 / ZOOM),
    z: () => page.canvas.fit(),
    s: () => page.scoresHidden.set(!page.scoresHidden.get()),
  };
  if (!label) return actions;
  for (const [keys, verdict] of /** @type {const} */ ([["1-−", "bad"], ["20", "neutral"], ["3+", "good"], ["4", "unsure"]])) {
    for (const key of keys) actions[key] = () => label.give(verdict);
  }
  actions.u = () => label.undo();
  return actions;
}

/**
 * @param {RunPage} page
 * @returns {Record<string, () => void>}
 */
function buttonActions({ canvas, scoresHidden, following }) {
  return {
    "zoom-in": () => canvas.zoom(ZOOM),
    "zoom-out": () => canvas.zoom(1 / ZOOM),
    fit: () => canvas.fit(),
    left: () => canvas.pan(PAN, 0),
    right: () => canvas.pan(-PAN, 0),
    up: () => canvas.pan(0, PAN),
    down: () => canvas.pan(0, -PAN),
    "hide-scores": () => scoresHidden.set(!scoresHidden.get()),
    follow: () => following.set(!following.get()),
    "show-keys": showKeys,
  };
}

function showKeys() {
  /** @type {HTMLDialogElement} */ (place("keys")).showModal();
}
