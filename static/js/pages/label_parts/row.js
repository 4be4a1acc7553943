/**
 * One row: its number, its text, its choices and what was said. It decides nothing: a choice that is pressed is told.
 * @module
 */

import { VERDICTS } from "../../lib/format.js";
import { button, element } from "../../panels/element.js";

/** @typedef {import("../../lib/rows_to_judge.js").Row} Row */
/** @typedef {import("../../lib/format.js").Verdict} Verdict */
/** @typedef {{judge: (key: string, verdict: Verdict) => void, confirm: (key: string) => void}} Told */

/** A row without words, and choices by their names: copied, since a long solution has thousands of them to be made at once. */
const BARE = bare();
/** @type {Map<string, DocumentFragment>} */
const PATTERNS = new Map();

export class RowView {
  /**
   * @param {Row} row
   * @param {Told} told
   */
  constructor(row, told) {
    this.row = row;
    this.told = told;
    this.element = /** @type {HTMLLIElement} */ (BARE.cloneNode(true));
    const [number, body, group] = /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (this.element.children));
    const [text, said] = /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (body.children));
    this.text = text;
    this.said = said;
    this.body = body;
    this.group = group;
    number.append(row.place);
    text.append(row.text);
    /** @type {Map<Verdict, HTMLButtonElement>} */
    this.choices = new Map();
    group.addEventListener("keydown", (event) => this.walk(event));
    group.addEventListener("click", (event) => this.press(event));
    this.element.dataset.key = row.key;
    if (row.below) this.element.dataset.below = String(Math.min(row.below, 3));
    /** What features put below a row, by their names. @type {Map<string, HTMLElement>} */
    this.slots = new Map();
    this.isCurrent = false;
    this.fill(row);
  }

  /** What may be said of a row changes with what was said of others. @param {Row} row */
  offer({ choices, name }) {
    if (choices.length === this.choices.size && choices.every((verdict) => this.choices.has(verdict))) return;
    this.group.replaceChildren(patternOf(choices, this.row.names).cloneNode(true));
    const made = /** @type {HTMLButtonElement[]} */ ([...this.group.children]);
    this.choices = new Map(choices.map((verdict, at) => [verdict, made[at]]));
    if (!choices.length) return ["role", "aria-label"].forEach((attribute) => this.group.removeAttribute(attribute));
    this.group.setAttribute("role", "radiogroup");
    this.group.setAttribute("aria-label", `Verdict on ${name.toLowerCase()}`);
  }

  /** @param {Event} event */
  press({ target }) {
    const pressed = target instanceof Element && target.closest("button");
    for (const [verdict, made] of this.choices) if (made === pressed) this.told.judge(this.row.key, verdict);
  }

  /** @param {Row} row as it stands now */
  update(row) {
    const isSame = /** @type {(keyof Row)[]} */ (Object.keys(row)).every((name) => name === "choices" || name === "names" || row[name] === this.row[name]);
    if (isSame) return;
    if (row.text !== this.row.text) this.text.replaceChildren(row.text);
    this.fill(row);
  }

  /** @param {Row} row */
  fill(row) {
    this.row = row;
    this.element.className = `label-row${row.kind ? ` label-row-${row.kind}` : ""}`;
    this.offer(row);
    for (const [verdict, made] of this.choices) made.setAttribute("aria-checked", String(verdict === row.verdict));
    this.element.dataset.verdict = row.verdict || (row.implied ? "implied" : "none");
    this.said.replaceChildren(...this.marks(row));
    this.rove();
  }

  /** @param {Row} row @returns {HTMLElement[]} what was said of it besides the choice that is pressed */
  marks(row) {
    const made = [];
    if (row.implied) made.push(element("span", "small quiet", `${VERDICTS[row.implied].glyph} ${VERDICTS[row.implied].name.toLowerCase()}, as it stands before the mark`));
    if (row.proposed) made.push(this.proposal(row.proposed));
    if (row.chosen) made.push(element("span", "chip", "→ goes on"));
    if (row.flagged) made.push(element("span", "chip label-flag", "⚑ flagged"));
    return made;
  }

  /** @param {Verdict} verdict */
  proposal(verdict) {
    const { glyph, name } = VERDICTS[verdict];
    const shown = element("span", `label-proposed verdict-${verdict}`, glyph);
    shown.setAttribute("aria-hidden", "true");
    const confirm = button("button button-quiet", () => this.told.confirm(this.row.key), "Confirm ", element("kbd", "", "m"));
    confirm.tabIndex = -1;
    return element("span", "label-proposal small", shown, ` proposed: ${name.toLowerCase()} `, confirm);
  }

  /**
   * A place below its text that belongs to one feature.
   * @param {string} name
   * @returns {HTMLElement}
   */
  slot(name) {
    const found = this.slots.get(name);
    if (found) return found;
    const made = element("div", `label-slot label-slot-${name}`);
    this.slots.set(name, made);
    this.body.append(made);
    return made;
  }

  /** @param {boolean} isCurrent */
  mark(isCurrent) {
    this.isCurrent = isCurrent;
    if (isCurrent) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
    this.rove();
  }

  /** Of all rows one can be reached by Tab, and in it one choice: the one that was made, else the first. */
  rove() {
    this.element.tabIndex = this.isCurrent ? 0 : -1;
    const entry = (this.row.verdict && this.choices.get(this.row.verdict)) || [...this.choices.values()][0];
    for (const made of this.choices.values()) made.tabIndex = this.isCurrent && made === entry ? 0 : -1;
    for (const made of this.said.querySelectorAll("button")) made.tabIndex = this.isCurrent ? 0 : -1;
  }

  /** Arrows go from choice to choice and make none: each would be a row in the database. @param {KeyboardEvent} event */
  walk(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...this.choices.values()];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || at < 0) return;
    event.preventDefault();
    const next = all[(at + by + all.length) % all.length];
    for (const made of all) made.tabIndex = made === next ? 0 : -1;
    next.focus();
  }
}

function bare() {
  const text = element("div", "label-text");
  text.dir = "auto";
  const body = element("div", "label-content", text, element("div", "label-said"));
  const row = element("li", "label-row", element("span", "label-place number"), body, element("div", "label-choices"));
  row.tabIndex = -1;
  return row;
}

/** @param {Row["choices"]} choices @param {Row["names"]} names */
function patternOf(choices, names) {
  const key = JSON.stringify([choices, names]);
  const made = PATTERNS.get(key) ?? document.createDocumentFragment();
  if (!PATTERNS.has(key)) made.append(...choices.map((verdict) => choice({ ...VERDICTS[verdict], ...names?.[verdict] }, verdict)));
  PATTERNS.set(key, made);
  return made;
}

/** @param {{glyph: string, name: string, key: string}} shown @param {Verdict} verdict */
function choice({ glyph, name, key }, verdict) {
  const made = element("button", `label-choice verdict-${verdict}`, element("span", "label-glyph", glyph), element("kbd", "", key));
  made.type = "button";
  made.setAttribute("role", "radio");
  made.setAttribute("aria-label", name);
  made.title = `${name} (${key})`;
  made.tabIndex = -1;
  return made;
}
