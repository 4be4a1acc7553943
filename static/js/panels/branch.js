/**
 * A branch as a list of its steps: what one reads and labels, and the way through the tree for keyboards and screen readers.
 * @module
 */

import { VERDICTS } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../overlays/labels.js").Labels} Labels */

export class BranchPanel {
  /**
   * @param {HTMLElement} list
   * @param {(number: number) => void} select
   * @param {(swatch: HTMLElement, number: number) => {value: string, isScore: boolean}} colour gives a swatch the colour that the
   *   canvas gives the step, and answers with the number that stands for
   * @param {import("./reading.js").Reading} reading
   */
  constructor(list, select, colour, reading) {
    this.list = list;
    this.select = select;
    this.colour = colour;
    this.reading = reading;
    reading.hidden.watch(() => this.readAnew());
    /** @type {Map<number, HTMLElement>} */
    this.options = new Map();
    /** What was read of each. @type {Map<number, FullStep | undefined>} */
    this.texts = new Map();
    // Formulas are the slow part of a long branch, so a step is typeset when it comes near.
    this.near = new IntersectionObserver((entries) => this.typesetNear(entries), { rootMargin: "600px" });
    /** Whether the selected step is to stay in view while formulas above it grow; not where the reader has scrolled since. */
    this.isKept = false;
    /** Whether the step that had the focus is of this branch no more: the next that is marked takes it over. */
    this.isFocusLost = false;
    for (const moved of ["wheel", "touchmove", "pointerdown"]) {
      list.parentElement?.addEventListener(moved, () => (this.isKept = false), { passive: true });
    }
    new ResizeObserver(() => this.keepInView()).observe(list);
    list.addEventListener("click", (event) => this.onClick(event));
    list.addEventListener("keydown", (event) => this.onKey(event));
  }

  /**
   * Steps that stay keep their elements, and with them focus and what is marked, so a branch can grow while it is read.
   * @param {number[]} branch
   * @param {Map<number, FullStep>} steps
   */
  show(branch, steps) {
    const shown = [...this.options.keys()];
    let same = 0;
    while (same < branch.length && shown[same] === branch[same]) same++;
    const hadFocus = this.list.contains(document.activeElement);
    for (const number of shown.slice(same)) this.drop(number);
    this.isFocusLost = hadFocus && !this.list.contains(document.activeElement);
    const ended = [...this.options.keys()].filter((number) => readsOtherwise(this.texts.get(number), steps.get(number)));
    this.list.append(...branch.slice(same).map((number, at) => this.option(number, same + at + 1)));
    for (const number of branch) this.texts.set(number, steps.get(number));
    this.readAnew(ended);
  }

  /** @param {number} number */
  drop(number) {
    const option = this.options.get(number);
    const text = option?.querySelector(".branch-text");
    if (text) this.near.unobserve(text);
    option?.remove();
    this.options.delete(number);
    this.texts.delete(number);
  }

  /**
   * @param {number} number
   * @param {number} place
   */
  option(number, place) {
    const text = element("div", "branch-text");
    this.reading.show(text, number, { isPlain: true });
    text.dir = "auto";
    text.dataset.number = String(number);
    const swatch = element("span", "branch-swatch");
    const score = element("span", "branch-score number", swatch, element("span", "branch-value"));
    const verdict = element("span", "branch-verdict");
    const option = element("li", "branch-step", element("span", "branch-place number", String(place)), verdict, text, score);
    option.setAttribute("role", "option");
    option.id = `step-${number}`;
    option.dataset.number = String(number);
    option.tabIndex = -1;
    this.options.set(number, option);
    this.near.observe(text);
    return option;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  typesetNear(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      this.near.unobserve(target);
      this.reading.show(target, Number(target.dataset.number));
    }
  }

  /** What is read of steps is another now: at once as written, with formulas when they come near. @param {Iterable<number>} numbers */
  readAnew(numbers = this.options.keys()) {
    for (const number of numbers) {
      const text = this.options.get(number)?.querySelector(".branch-text");
      if (!(text instanceof HTMLElement)) continue;
      this.reading.show(text, number, { isPlain: true });
      this.near.unobserve(text);
      this.near.observe(text);
    }
  }

  /** @param {number} number */
  mark(number) {
    for (const [step, option] of this.options) {
      const isSelected = step === number;
      const wasSelected = option.getAttribute("aria-selected") === "true";
      option.setAttribute("aria-selected", String(isSelected));
      option.tabIndex = isSelected ? 0 : -1;
      // One who has scrolled away from the step they selected stays there while the branch grows.
      if (!isSelected || wasSelected) continue;
      if (this.isFocusLost || this.list.contains(document.activeElement)) option.focus({ preventScroll: true });
      this.isKept = true;
    }
    this.isFocusLost = false;
    this.keepInView();
  }

  keepInView() {
    if (this.isKept) this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Labels | null} labels */
  showLabels(labels) {
    for (const [number, option] of this.options) {
      const place = /** @type {HTMLElement} */ (option.querySelector(".branch-verdict"));
      const own = labels?.mine.get(number);
      const shown = labels?.shown(number);
      const state = labels?.states.get(number);
      place.className = `branch-verdict${shown ? ` verdict-${shown}` : ""}${own ? "" : " branch-verdict-others"}`;
      place.replaceChildren(...(shown ? [glyph(shown, own ? "Your verdict" : "Standing verdict")] : []));
      option.classList.toggle("branch-step-unsaved", state === "saving" || state === "failed");
    }
  }

  recolour() {
    for (const [number, option] of this.options) {
      const [swatch, value] = [".branch-swatch", ".branch-value"].map((part) => /** @type {HTMLElement} */ (option.querySelector(part)));
      const { value: words, isScore } = this.colour(swatch, number);
      value.textContent = words;
      value.parentElement?.classList.toggle("score-bearing", isScore);
    }
  }

  /** @param {Event} event */
  onClick(event) {
    const option = event.target instanceof Element ? event.target.closest("[data-number]") : null;
    // Somebody who marks text to copy it does not want the list to move.
    if (!(option instanceof HTMLElement) || getSelection()?.type === "Range") return;
    this.select(Number(option.dataset.number));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const numbers = [...this.options.keys()];
    const at = numbers.indexOf(Number(/** @type {HTMLElement} */ (event.target).dataset.number));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: numbers.length - 1 }[event.key];
    if (to === undefined || numbers[to] === undefined) return;
    event.preventDefault();
    this.select(numbers[to]);
  }
}

/**
 * Whether what is told apart as its answer may be another. A step's text never changes.
 * @param {FullStep | undefined} before
 * @param {FullStep | undefined} now
 */
function readsOtherwise(before, now) {
  return before?.terminal !== now?.terminal || before?.answer?.text !== now?.answer?.text;
}

/**
 * @param {import("../lib/format.js").Verdict} verdict
 * @param {string} whose
 */
export function glyph(verdict, whose) {
  const made = element("span", `verdict-${verdict}`, VERDICTS[verdict].glyph);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `${whose}: ${VERDICTS[verdict].name}`);
  made.title = `${whose}: ${VERDICTS[verdict].name.toLowerCase()}`;
  return made;
}
