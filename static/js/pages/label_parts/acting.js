/**
 * Keys and buttons of the labelling page, each as one call, and what tells that somebody is at it. It holds no state.
 * @module
 */

import { attachKeys, isWriting } from "../../canvas/keyboard.js";
import { isSingle } from "../../lib/keys.js";
import { place, root } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */

/** @param {LabelPage} page @param {Record<string, () => void>} features what they act on */
export function attachActions(page, features) {
  /** @type {Record<string, () => void>} */
  const actions = {
    j: () => page.move(1),
    k: () => page.move(-1),
    u: () => page.undo(),
    x: () => page.flag(),
    m: () => page.confirm(),
    ...features,
  };
  for (const [keys, verdict] of /** @type {const} */ ([["1-−", "bad"], ["20", "neutral"], ["3+", "good"], ["4", "unsure"]])) {
    for (const key of keys) actions[key] = () => page.judge(verdict);
  }
  attachKeys(actions);
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || event.repeat || !isSingle(event) || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]") || isPressed(event.target)) return;
    event.preventDefault();
    void page.submit();
  });
  place("submit").addEventListener("click", () => void page.submit());
  place("undo").addEventListener("click", () => page.undo());
  place("flag").addEventListener("click", () => page.flag());
  place("critique").addEventListener("click", () => actions.c());
  place("open-again").addEventListener("click", () => page.openAgain());
  place("show-keys").addEventListener("click", () => /** @type {HTMLDialogElement} */ (place("keys")).showModal());
  attachRows(page);
  attachAttention(page);
  attachEdges();
}

/** A row that is pressed beside its buttons has the focus. @param {LabelPage} page */
function attachRows(page) {
  place("sheet").addEventListener("focusin", ({ target }) => {
    const key = target instanceof Element ? target.closest("[data-key]")?.getAttribute("data-key") : null;
    const inHand = page.piece.get()?.inHand;
    if (!key || !inHand || key === inHand.at.get()) return;
    page.lap();
    inHand.at.set(key);
  });
}

/** How much of the window stays covered: a row that has the focus is never behind it. */
function attachEdges() {
  const observer = new ResizeObserver(() => {
    for (const part of ["strip", "foot"]) root.style.setProperty(`--label-${part}`, `${place(part).offsetHeight}px`);
  });
  observer.observe(place("strip"));
  observer.observe(place("foot"));
}

/** @param {LabelPage} page */
function attachAttention({ attention }) {
  const act = () => attention.act(performance.now());
  for (const type of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"]) addEventListener(type, act, { passive: true });
  document.addEventListener("visibilitychange", () => attention.leave(document.hidden, performance.now()));
}

/** Whether Enter presses or follows what has the focus. @param {EventTarget | null} target */
function isPressed(target) {
  return target instanceof HTMLElement && target.closest("button, summary, a[href]") !== null;
}
