/**
 * The rows of two branches side by side: what is the same, where they first differ, what each step scored. It aligns
 * nothing, and shows texts of models as text.
 * @module
 */

import { decimal } from "../lib/format.js";
import { scoreOf } from "../lib/pairs.js";
import { wordsApart } from "../lib/words.js";
import { element } from "./element.js";
import { pairCell, textOf, wordsInto } from "./pair_cell.js";
import { typeset } from "./typeset.js";

/** @typedef {import("../lib/pairs.js").Pair} Pair */
/** @typedef {{left: import("../overlays/labels.js").Labels, right: import("../overlays/labels.js").Labels, scorer: string}} Shown */

/** @type {Record<Pair["kind"], {sign: string, words: string}>} */
const KINDS = {
  same: { sign: "=", words: "same" },
  alike: { sign: "≈", words: "alike" },
  other: { sign: "≠", words: "different" },
  left: { sign: "←", words: "only left" },
  right: { sign: "→", words: "only right" },
};

export class PairRows {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    /** @type {{pair: Pair, stamp: string, row: HTMLElement}[]} */
    this.rows = [];
    /** @type {Map<Element, Pair>} */
    this.waiting = new Map();
    // Formulas and words are the slow part of long branches, so a row is set when it comes near.
    this.near = new IntersectionObserver((entries) => this.set(entries), { rootMargin: "600px" });
    list.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest("li") : null;
      if (row && getSelection()?.type !== "Range") this.mark(this.rows.findIndex((shown) => shown.row === row));
    });
  }

  /**
   * Rows that say the same keep their elements, and with them focus and what is marked.
   * @param {Pair[]} pairs
   * @param {Shown} shown
   */
  show(pairs, shown) {
    const rows = pairs.map((pair, at) => {
      const stamp = stampOf(pair, shown);
      const before = this.rows[at];
      return before?.stamp === stamp ? { ...before, pair } : { pair, stamp, row: this.made(pair, shown) };
    });
    const at = this.rows.findIndex(({ row }) => row.hasAttribute("aria-current"));
    const hadFocus = this.rows[at]?.row.contains(document.activeElement) ?? false;
    rows.forEach(({ row }, place) => {
      const before = this.rows[place]?.row;
      if (before === row) return;
      if (before) before.replaceWith(row);
      else this.list.append(row);
    });
    for (const { row } of this.rows.slice(rows.length)) row.remove();
    this.rows = rows;
    if (at >= 0 && rows[at] && !rows[at].row.hasAttribute("aria-current")) this.mark(at, hadFocus);
  }

  /** @param {Pair} pair @param {Shown} shown */
  made(pair, shown) {
    const row = element("li", `pair pair-${pair.kind}${pair.isFirst ? " pair-first" : ""}`, sign(pair, shown.scorer));
    if (pair.left) row.append(pairCell("left", pair.left, pair, shown.left));
    if (pair.right) row.append(pairCell("right", pair.right, pair, shown.right));
    row.tabIndex = -1;
    this.waiting.set(row, pair);
    this.near.observe(row);
    return row;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  set(entries) {
    for (const { isIntersecting, target } of entries) {
      const pair = this.waiting.get(target);
      if (!isIntersecting || !pair) continue;
      this.near.unobserve(target);
      this.waiting.delete(target);
      const [left, right] = [".pair-left .pair-text", ".pair-right .pair-text"].map((place) => /** @type {HTMLElement | null} */ (target.querySelector(place)));
      if (pair.kind === "alike" && pair.left && pair.right && left && right) {
        const words = wordsApart(textOf(pair.left.step), textOf(pair.right.step));
        wordsInto(left, words[0]);
        wordsInto(right, words[1]);
      } else {
        if (left && pair.left) typeset(left, textOf(pair.left.step));
        if (right && pair.right) typeset(right, textOf(pair.right.step));
      }
    }
  }

  /** @returns {number} the place of the row that is marked, −1 for none */
  get current() {
    return this.rows.findIndex(({ row }) => row.hasAttribute("aria-current"));
  }

  /** @param {number} at @param {boolean} [withFocus] */
  mark(at, withFocus = true) {
    const next = this.rows[at];
    if (!next) return;
    for (const { row } of this.rows) row.removeAttribute("aria-current");
    next.row.setAttribute("aria-current", "true");
    if (!withFocus) return;
    next.row.focus({ preventScroll: true });
    next.row.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} by */
  move(by) {
    this.mark(this.current < 0 ? 0 : Math.min(Math.max(this.current + by, 0), this.rows.length - 1));
  }

  /** To the first row that is not the same on both sides; where there is none, to the last. */
  first() {
    const at = this.rows.findIndex(({ pair }) => pair.isFirst);
    this.mark(at < 0 ? this.rows.length - 1 : at);
  }
}

/**
 * What two steps are to each other, in sign and words, and who scored higher by how much.
 * @param {Pair} pair
 * @param {string} scorer
 */
function sign(pair, scorer) {
  const { sign: glyph, words } = KINDS[pair.kind];
  const mark = element("span", "pair-glyph", glyph);
  mark.setAttribute("aria-hidden", "true");
  const made = element("p", "pair-sign", mark, element("span", "pair-words", words));
  if (pair.isFirst) made.prepend(element("span", "pair-first-words", "first difference"));
  const apart = scoreOf(pair.right, scorer) - scoreOf(pair.left, scorer);
  if (!Number.isNaN(apart) && pair.kind !== "same") {
    const told = element("span", "pair-apart score-bearing mono", `${apart > 0 ? "+" : ""}${decimal(apart)}`);
    told.title = `${scorer}: the right step scored ${decimal(Math.abs(apart), 3)} ${apart < 0 ? "lower" : "higher"} than the left`;
    made.append(told);
  }
  return made;
}

/** Everything that a row shows and that may come later than its steps. @param {Pair} pair @param {Shown} shown */
function stampOf(pair, shown) {
  const facts = [pair.left, pair.right].map((cell, side) => {
    if (!cell) return null;
    const { number, pruned, chosen, scores, answer } = cell.step;
    const labels = side ? shown.right : shown.left;
    return [number, cell.soFar, pruned, chosen, answer, scores.map(({ maker, value }) => [maker.key, value]), labels.shown(number)];
  });
  return JSON.stringify([pair.kind, pair.isFirst, shown.scorer, facts]);
}
