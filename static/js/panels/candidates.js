/**
 * The steps among which a decision was made, as a table: what they say, their numbers as they stood, what became of each and
 * why. Text of models goes in as text. It selects nothing by itself.
 * @module
 */

import { count, decimal, plural } from "../lib/format.js";
import { button, element } from "./element.js";
import { typeset } from "./typeset.js";

/**
 * @typedef {object} Candidate
 * @property {number} step
 * @property {string | null} text null while it is on its way
 * @property {string} answer empty where there is none
 * @property {number} score NaN where there was none yet
 * @property {number} branch score of the branch where that is another, NaN where it is not
 * @property {number} visits NaN where there are none
 * @property {number} value
 * @property {"kept" | "pruned" | "chosen" | "passed" | "visited" | "repeated"} fate
 * @property {number} rank by number, 0 where it has none
 * @property {string} why
 */
/** @typedef {{title: string, candidates: Candidate[], total: number, ranked: number, branchWords: string, selected: number}} List */

const BEGINNING = 240;
/** What became of a step, with a glyph: never told by colour alone. @type {Record<Candidate["fate"], string>} */
const FATES = { kept: "→ kept", pruned: "✕ pruned", chosen: "★ chosen", passed: "· not chosen", visited: "↓ visited", repeated: "↻ drawn again" };

export class CandidateTable {
  /**
   * @param {HTMLElement} host
   * @param {(step: number) => void} select
   */
  constructor(host, select) {
    this.host = host;
    this.select = select;
  }

  /** @param {List} list */
  show({ title, candidates, total, ranked, branchWords, selected }) {
    const focused = document.activeElement instanceof HTMLElement && this.host.contains(document.activeElement) ? document.activeElement.dataset.number : undefined;
    const columns = columnsOf(candidates, branchWords);
    const head = element("tr", "", ...columns.map(({ name, extra }) => header(name, extra)));
    const body = element("tbody", "", ...candidates.map((candidate) => this.row(candidate, columns, ranked, selected)));
    const table = element("table", "table replay-table", element("caption", "sr-only", title), element("thead", "", head), body);
    const more = total > candidates.length ? [element("p", "small quiet", `${plural(total - candidates.length, "more candidate")} in the tree.`)] : [];
    this.host.replaceChildren(...(candidates.length ? [table, ...more] : [element("p", "quiet replay-none", title)]));
    if (focused) this.of(focused)?.focus();
  }

  /** @param {string} words */
  clear(words) {
    this.host.replaceChildren(element("p", "quiet replay-none", words));
  }

  /** @param {number} step */
  mark(step) {
    for (const row of this.host.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    this.of(String(step))?.setAttribute("aria-current", "true");
  }

  /** @param {string} number @returns {HTMLElement | null} */
  of(number) {
    return this.host.querySelector(`button[data-number="${number}"]`);
  }

  /**
   * @param {Candidate} candidate
   * @param {ReturnType<typeof columnsOf>} columns
   * @param {number} ranked
   * @param {number} selected
   */
  row(candidate, columns, ranked, selected) {
    const row = element("tr", `replay-${candidate.fate}`);
    for (const { extra, cell } of columns) row.append(element("td", extra, cell(candidate, ranked)));
    const go = button("button button-quiet replay-step", () => this.select(candidate.step), count(candidate.step));
    go.dataset.number = String(candidate.step);
    go.setAttribute("aria-label", `Step ${candidate.step}`);
    if (candidate.step === selected) go.setAttribute("aria-current", "true");
    row.cells[0].replaceChildren(go);
    return row;
  }
}

/** @param {string} name @param {string} extra */
function header(name, extra) {
  const made = element("th", extra, name);
  made.scope = "col";
  return made;
}

/** @typedef {{name: string, extra: string, cell: (candidate: Candidate, ranked: number) => Node | string}} ColumnOf */

/**
 * Only those for which a candidate has something.
 * @param {Candidate[]} candidates
 * @param {string} branchWords
 * @returns {ColumnOf[]}
 */
function columnsOf(candidates, branchWords) {
  const some = (/** @type {"score" | "branch" | "visits" | "value"} */ name) => candidates.some((candidate) => !Number.isNaN(candidate[name]));
  /** @type {(ColumnOf & {isShown: boolean})[]} */
  const all = [
    { name: "step", extra: "number", isShown: true, cell: () => "" },
    { name: "score", extra: "number score-bearing", isShown: some("score"), cell: ({ score }) => decimal(score, 3) },
    { name: branchWords, extra: "number score-bearing", isShown: some("branch"), cell: ({ branch }) => decimal(branch, 3) },
    { name: "visits", extra: "number", isShown: some("visits"), cell: ({ visits }) => (Number.isNaN(visits) ? "0" : count(visits)) },
    { name: "value", extra: "number score-bearing", isShown: some("value"), cell: ({ value }) => decimal(value, 3) },
    { name: "text", extra: "replay-text", isShown: true, cell: textOf },
    { name: "answer", extra: "replay-answer", isShown: candidates.some(({ answer }) => answer !== ""), cell: answerOf },
    { name: "what became of it", extra: "replay-fate", isShown: true, cell: fateOf },
  ];
  return all.filter(({ isShown }) => isShown);
}

/** @param {Candidate} candidate */
function textOf({ text }) {
  const made = element("span", "replay-line");
  made.dir = "auto";
  if (text === null) made.append(element("span", "skeleton"));
  else typeset(made, text.slice(0, BEGINNING).trim());
  return made;
}

/** @param {Candidate} candidate */
function answerOf({ answer }) {
  const made = element("span", "replay-line");
  made.dir = "auto";
  typeset(made, answer);
  return made;
}

/** Reasons quote scores, and so do ranks; what became of it does not. @param {Candidate} candidate @param {number} ranked */
function fateOf({ fate, rank, why }, ranked) {
  const words = [rank && ranked > 1 ? `rank ${count(rank)} of ${count(ranked)}` : "", why].filter(Boolean).join(" · ");
  const made = element("span", "replay-line", FATES[fate]);
  if (words) {
    const more = element("bdi", "quiet score-bearing", ` ${words}`);
    more.title = words;
    made.append(more);
  }
  return made;
}
