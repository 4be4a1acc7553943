/**
 * The tree as an outline in the DOM, of which only the rows in view are there: the same tree as the picture, for keyboards
 * and screen readers. It selects and folds nothing itself.
 * @module
 */

import { count, VERDICTS } from "../lib/format.js";
import { scrolledTo, windowOf } from "../lib/outline.js";
import { RIGHT, TERMINAL, WRONG } from "../lib/tree.js";
import { element } from "./element.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../lib/outline.js").Outline} Outline */
/**
 * @typedef {object} Said
 * @property {string | null} text null while it is not known
 * @property {string} value the number that its colour in the picture stands for
 * @property {boolean} isScore
 * @property {import("../lib/format.js").Verdict | null} verdict
 */
/**
 * @typedef {object} Parts
 * @property {(step: number) => void} choose
 * @property {(step: number) => void} toggle folds or unfolds
 * @property {(step: number) => Said} say
 * @property {(steps: number[]) => void} miss of these the text is not known
 */
/**
 * @typedef {object} Shown
 * @property {Tree} tree
 * @property {Outline} outline
 * @property {ReadonlySet<number>} collapsed
 * @property {ReadonlySet<number>} chosen the chosen branch
 * @property {ReadonlySet<number>} matches
 * @property {(step: number) => boolean} isPruned
 */

/** As in run_outline.css: what is drawn is found by counting. */
const ROW = 28;
const DEEPEST = 24;
const LONGEST = 160;

export class OutlinePanel {
  /**
   * @param {HTMLElement} host
   * @param {Parts} parts
   */
  constructor(host, parts) {
    this.host = host;
    this.parts = parts;
    this.all = element("div", "outline-all");
    this.all.setAttribute("role", "presentation");
    host.append(this.all);
    this.selected = 0;
    this.frame = 0;
    /** @type {Shown | null} */
    this.shown = null;
    host.addEventListener("scroll", () => this.askForFrame(), { passive: true });
    new ResizeObserver(() => this.askForFrame()).observe(host);
    host.addEventListener("keydown", (event) => this.onKey(event));
    host.addEventListener("click", (event) => this.onClick(event));
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.draw();
  }

  /** @param {number} step */
  select(step) {
    this.selected = step;
    const row = this.shown?.outline.rowOf[step];
    if (this.shown && row) {
      const { scrollTop, clientHeight } = this.host;
      const wanted = scrolledTo(row - 1, this.shown.outline.steps.length, ROW, scrollTop, clientHeight);
      if (wanted !== scrollTop) this.host.scrollTop = wanted;
    }
    this.draw();
  }

  askForFrame() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { shown, host } = this;
    if (!shown || !host.clientHeight) return;
    const { steps, rowOf } = shown.outline;
    const { first, end, top, height } = windowOf(steps.length, ROW, host.scrollTop, host.clientHeight);
    this.all.style.blockSize = `${height}px`;
    /** @type {number[]} */
    const missing = [];
    const rows = [...steps.subarray(first, end)].map((step, at) => this.row(shown, step, top + at * ROW, missing));
    this.all.replaceChildren(...rows);
    // A descendant can be told of only while it is there.
    const at = rowOf[this.selected] - 1;
    if (at >= first && at < end) host.setAttribute("aria-activedescendant", `outline-${this.selected}`);
    else host.removeAttribute("aria-activedescendant");
    if (missing.length) this.parts.miss(missing);
  }

  /**
   * @param {Shown} shown
   * @param {number} step
   * @param {number} top
   * @param {number[]} missing
   */
  row(shown, step, top, missing) {
    const { tree, outline, collapsed } = shown;
    const { text, value, isScore, verdict } = this.parts.say(step);
    if (text === null) missing.push(step);
    const hasChildren = tree.firstChild[step] > 0;
    const row = element(
      "div",
      `outline-row${shown.isPruned(step) ? " outline-pruned" : ""}${shown.matches.has(step) ? " outline-match" : ""}`,
      fold(hasChildren, collapsed.has(step)),
      element("span", "outline-number number", count(step)),
      ...this.signs(shown, step, verdict),
      words(text),
      element("span", `outline-value number${isScore ? " score-bearing" : ""}`, value),
    );
    row.id = `outline-${step}`;
    row.dataset.number = String(step);
    row.style.insetBlockStart = `${top}px`;
    row.style.setProperty("--level", String(Math.min(tree.depth[step] - 1, DEEPEST)));
    const facts = { role: "treeitem", "aria-level": tree.depth[step], "aria-posinset": outline.place[step], "aria-setsize": outline.children[tree.parent[step]], "aria-selected": step === this.selected };
    for (const [name, fact] of Object.entries(facts)) row.setAttribute(name, String(fact));
    if (hasChildren) row.setAttribute("aria-expanded", String(!collapsed.has(step)));
    return row;
  }

  /**
   * What the picture says by shape, in words for who hears it and in glyphs for who sees it.
   * @param {Shown} shown
   * @param {number} step
   * @param {import("../lib/format.js").Verdict | null} verdict
   */
  signs(shown, step, verdict) {
    const flags = shown.tree.flags[step];
    const signs = [];
    if (shown.chosen.has(step)) signs.push(sign("★", "on the chosen branch", "outline-chosen"));
    if (flags & RIGHT) signs.push(sign("✓", "right answer", "outcome-right"));
    else if (flags & WRONG) signs.push(sign("✕", "wrong answer", "outcome-wrong"));
    else if (flags & TERMINAL) signs.push(sign("■", "ends here", "quiet"));
    if (shown.isPruned(step)) signs.push(sign("–", "pruned", "quiet"));
    if (verdict) signs.push(sign(VERDICTS[verdict].glyph, `verdict: ${VERDICTS[verdict].name.toLowerCase()}`, `outline-verdict verdict-${verdict}`));
    if (shown.matches.has(step)) signs.push(sign("◆", "found", "outline-found"));
    return signs;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { shown, selected } = this;
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.sideways(shown, event.key === "ArrowRight");
    else {
      const { steps, rowOf } = shown.outline;
      const row = rowOf[selected] - 1;
      const page = Math.max(1, Math.floor(this.host.clientHeight / ROW) - 1);
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -steps.length, End: steps.length }[event.key];
      if (by === undefined || !steps.length) return;
      this.parts.choose(steps[Math.min(Math.max(row + by, 0), steps.length - 1)]);
    }
    event.preventDefault();
  }

  /**
   * As trees go: onwards unfolds, then enters; back folds, then leaves.
   * @param {Shown} shown
   * @param {boolean} isOnward
   */
  sideways({ tree, outline, collapsed }, isOnward) {
    const step = this.selected;
    const isOpen = tree.firstChild[step] > 0 && !collapsed.has(step);
    if (isOnward) {
      const below = outline.steps[outline.rowOf[step]];
      if (collapsed.has(step)) this.parts.toggle(step);
      else if (isOpen && below && tree.parent[below] === step) this.parts.choose(below);
    } else if (isOpen) this.parts.toggle(step);
    else if (tree.parent[step]) this.parts.choose(tree.parent[step]);
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest("[data-number]");
    if (!(row instanceof HTMLElement)) return;
    const step = Number(row.dataset.number);
    if (target?.closest(".outline-fold-open")) this.parts.toggle(step);
    else this.parts.choose(step);
  }
}

/**
 * @param {boolean} hasChildren
 * @param {boolean} isFolded
 */
function fold(hasChildren, isFolded) {
  const made = element("span", hasChildren ? "outline-fold outline-fold-open" : "outline-fold", hasChildren ? (isFolded ? "▸" : "▾") : "");
  made.setAttribute("aria-hidden", "true");
  return made;
}

/**
 * @param {string} glyph
 * @param {string} said
 * @param {string} className
 */
function sign(glyph, said, className) {
  const made = element("span", `outline-sign ${className}`, glyph);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", said);
  made.title = said;
  return made;
}

/** @param {string | null} text */
function words(text) {
  const made = element("span", text === null ? "outline-text skeleton" : "outline-text", text === null ? "" : text.slice(0, LONGEST).replace(/\s+/g, " ").trim() || "(empty)");
  made.dir = "auto";
  return made;
}
