/**
 * What is read of one turn: the problem with its reference answer, and the rows. It keeps the elements of rows that stay, and
 * knows nothing of keys or of what is sent.
 * @module
 */

import { element } from "../../panels/element.js";
import { LONGEST, Reading } from "../../panels/reading.js";
import { plainText } from "../../panels/step_text.js";
import { typeset } from "../../panels/typeset.js";
import { stepsOf } from "../../lib/judged_past.js";
import { RowView } from "./row.js";

/** @typedef {import("./in_hand.js").TurnInHand} TurnInHand */
/** @typedef {import("./row.js").Told} Told */
/** @typedef {import("./setting.js").Setting} Setting */
/** @typedef {import("../../lib/rows_to_judge.js").Row} Row */

/** So many rows are set before a sheet is shown. */
const FIRST = 24;

export class Sheet {
  /**
   * @param {TurnInHand} inHand
   * @param {Told} told
   * @param {Setting} setting
   */
  constructor(inHand, told, setting) {
    this.inHand = inHand;
    this.told = told;
    this.setting = setting;
    this.reading = readingOf(inHand);
    /** The row that has the focus. @type {RowView | undefined} */
    this.current = undefined;
    /** @type {Map<string, RowView>} */
    this.views = new Map();
    this.list = element("ol", "label-rows");
    this.list.setAttribute("aria-label", "Steps");
    this.problem = problemOf(inHand, setting);
    this.element = element("article", "label-sheet", this.problem, element("p", "label-asks quiet", inHand.mode.asks), this.list);
    this.draw(inHand.rows.get());
    inHand.rows.watch((rows) => this.draw(rows));
    inHand.at.watch(() => this.mark());
    inHand.state.watch(() => this.close());
    this.close();
  }

  /** Sets in idle moments what will be seen first. */
  prepare() {
    this.setting.idly([this.problem, ...[...this.views.values()].slice(0, FIRST).map((view) => view.element)]);
  }

  /** It will not be shown again. */
  letGo() {
    for (const place of [this.problem, ...[...this.views.values()].map((view) => view.element)]) this.setting.forget(place);
  }

  /** @param {Row[]} rows */
  draw(rows) {
    const stay = new Set(rows.map((row) => row.key));
    for (const [key, view] of this.views) {
      if (stay.has(key)) continue;
      this.setting.forget(view.element);
      view.element.remove();
      this.views.delete(key);
    }
    /** @type {Element | null} */
    let last = null;
    for (const row of rows) {
      const view = this.views.get(row.key) ?? this.add(row);
      view.update(row);
      /** @type {Element | null} */
      const place = last ? last.nextElementSibling : this.list.firstElementChild;
      if (place !== view.element) this.list.insertBefore(view.element, place);
      last = view.element;
    }
    this.mark();
  }

  /** @param {Row} row */
  add(row) {
    const view = new RowView(row, this.told);
    this.views.set(row.key, view);
    this.setting.later(view.element, () => this.read(view));
    return view;
  }

  /** @param {RowView} view */
  read({ row, text }) {
    if (row.number === 0) return typeset(text, row.text);
    this.reading.show(text, row.number);
    if (row.text.length > LONGEST) text.append(plainText(row.text));
  }

  /** Marks the row that has the focus. */
  mark() {
    const at = this.inHand.at.get();
    if (this.current?.row.key !== at) this.current?.mark(false);
    this.current = this.views.get(at);
    this.current?.mark(true);
  }

  /** Puts the focus on the current row and brings all of it into view, or its beginning. */
  focus() {
    const place = this.current?.element;
    if (!place) return;
    this.setting.now(place);
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  /** Whoever has submitted reads, until they open it again. */
  close() {
    this.element.toggleAttribute("data-closed", !this.inHand.isOpen);
    for (const view of this.views.values()) {
      for (const choice of view.choices.values()) choice.setAttribute("aria-disabled", String(!this.inHand.isOpen));
    }
  }
}

/** @param {TurnInHand} inHand */
function readingOf({ turn }) {
  const ends = turn.queue.unit === "solution" ? turn.steps.at(-1)?.number : undefined;
  const all = () => new Map(stepsOf(turn).map(({ number, parent, text, terminal }) => [number, { parent, text, terminal: terminal ?? number === ends, answer: null }]));
  let steps = all();
  // Alternatives come while one is at it.
  const known = (/** @type {number} */ number) => steps.get(number) ?? (steps = all()).get(number);
  return new Reading(known, { mayHide: false });
}

/** @param {TurnInHand} inHand @param {Setting} setting */
function problemOf({ turn: { problem } }, setting) {
  const statement = element("div", "label-statement", problem.statement);
  statement.dir = "auto";
  const made = element("section", "label-problem", element("h2", "small quiet", "Problem"), statement);
  const answer = element("span", "label-answer", problem.answer);
  answer.dir = "auto";
  if (problem.answer) made.append(element("p", "label-reference", element("span", "small quiet", "Reference answer"), " ", answer));
  setting.later(made, () => {
    typeset(statement, problem.statement);
    // Answers of data sets are bare LaTeX as often as they are text.
    typeset(answer, /\\[a-zA-Z]/.test(problem.answer) && !problem.answer.includes("$") ? `$${problem.answer}$` : problem.answer);
  });
  return made;
}
