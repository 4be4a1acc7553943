/**
 * What people say of a step: the labels of others as they stand, and on demand all that was ever said, what was replaced, taken
 * back and settled included. It takes no label.
 * @module
 */

import { VERDICTS } from "../lib/format.js";
import { ApiError } from "../net/api.js";
import { glyph } from "./branch.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/steps.js").HistoryRow} HistoryRow */
/** @typedef {import("../overlays/labels.js").Labels} Labels */

/**
 * @param {number} number
 * @param {Labels | null} labels
 * @param {string} settling where the step is settled; empty for who may not
 */
export function othersSay(number, labels, settling) {
  const others = labels?.others.get(number) ?? [];
  const stands = whatStands(number, labels, settling);
  if (!others.length) return stands;
  const list = element("ul", "others");
  for (const { verdict, labeller, reason: why, at } of others) {
    const line = element("li", "", glyph(verdict, labeller), " ", element("bdi", "", labeller), why ? `: ${why}` : "");
    line.title = at;
    list.append(line);
  }
  return [element("h3", "", "Labels of others"), list, ...stands];
}

/**
 * The verdict that stands, or that people differ and none does.
 * @param {number} number
 * @param {Labels | null} labels
 * @param {string} settling
 */
function whatStands(number, labels, settling) {
  const standing = labels?.standing.get(number);
  const said = [...(labels?.others.get(number) ?? []).map(({ verdict }) => verdict), ...(labels?.mine.has(number) ? [labels.mine.get(number)] : [])];
  if (!said.length && !standing) return [];
  const isDiffering = new Set(said).size > 1;
  const words = standing ? ["Stands: ", glyph(standing, "Stands"), ` ${VERDICTS[standing].name.toLowerCase()} `] : ["People differ, so nothing stands. "];
  if (!standing && !isDiffering) return [];
  const link = element("a", "", standing ? "How it was settled" : "Settle");
  link.href = settling;
  return [element("p", "small", ...words, ...(settling && isDiffering ? [link] : []))];
}

export class LabelHistory {
  /** @param {(number: number) => Promise<HistoryRow[]>} ask */
  constructor(ask) {
    this.ask = ask;
    /** Unfolded once it stays so, whichever step is read. */
    this.isOpen = false;
  }

  /**
   * @param {number} number
   * @returns {HTMLElement} folded, unless it was unfolded before; asked for when it is unfolded
   */
  section(number) {
    const made = element("details", "label-history", element("summary", "", "History of its labels"));
    made.open = this.isOpen;
    made.addEventListener("toggle", () => {
      this.isOpen = made.open;
      if (made.open && made.childElementCount === 1) void this.fill(made, number);
    });
    return made;
  }

  /** @param {HTMLDetailsElement} host @param {number} number */
  async fill(host, number) {
    const waiting = element("p", "small quiet", "Fetching …");
    host.append(waiting);
    try {
      const rows = await this.ask(number);
      waiting.replaceWith(rows.length ? listOf(rows) : element("p", "small quiet", "Nobody has labelled it yet."));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const again = button("button", () => {
        failed.remove();
        void this.fill(host, number);
      }, "Try again");
      const failed = element("p", "small", `Not fetched: ${error.message} `, again);
      waiting.replaceWith(failed);
    }
  }
}

/** @param {HistoryRow[]} rows oldest first */
function listOf(rows) {
  /** The newest row of each person, which is the one that counts. @type {Map<string, HistoryRow>} */
  const newest = new Map(rows.map((row) => [whoOf(row), row]));
  const list = element("ol", "others");
  for (const row of rows) list.append(lineOf(row, newest.get(whoOf(row)) !== row));
  return list;
}

/** @param {HistoryRow} row what is settled is said for all, whoever says it; what is written counts beside what is said */
function whoOf({ kind, labeller }) {
  return kind === "adjudication" ? "" : `${kind} by ${labeller}`;
}

/** @param {HistoryRow} row @param {boolean} isReplaced */
function lineOf(row, isReplaced) {
  const when = element("time", "", new Date(row.at).toLocaleString());
  when.dateTime = row.at;
  const notes = [...notesOf(row), ...(isReplaced ? ["replaced since"] : [])];
  const line = element("li", isReplaced ? "label-replaced" : "", ...wordsOf(row), " ");
  line.append(element("span", "small quiet", when, ...notes.map((note) => ` · ${note}`)));
  return line;
}

/** @param {HistoryRow} row @returns {(Node | string)[]} */
function wordsOf(row) {
  const who = element("bdi", "", row.labeller);
  if (row.kind === "own-step") return row.text ? ["better step by ", who, ": ", element("bdi", "", row.text)] : ["own step taken back by ", who];
  const { verdict, reason } = row;
  const none = row.kind === "adjudication" ? "opened again" : "taken back";
  const sign = verdict ? [glyph(verdict, row.labeller), ` ${VERDICTS[verdict].name.toLowerCase()}`] : [none];
  const by = row.kind === "adjudication" && verdict ? " settled by " : " by ";
  const critique = row.kind === "label" && row.critique ? [" · critique: ", element("bdi", "", row.critique)] : [];
  return [...sign, by, who, ...(reason ? [`: ${reason}`] : []), ...critique];
}

/** @param {HistoryRow} row @returns {string[]} */
function notesOf(row) {
  if (row.kind === "adjudication") return row.verdict ? [`rule: ${row.rule}`] : [];
  if (row.kind !== "label") return [];
  const { scores_in_view: inView, flagged, guideline } = row;
  return [
    ...(flagged ? ["flagged"] : []),
    ...(inView === null ? [] : [inView ? "scores in view" : "scores hidden"]),
    ...(guideline ? [`${guideline.name}, version ${guideline.number}`] : []),
  ];
}
