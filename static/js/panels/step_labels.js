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
 */
export function othersSay(number, labels) {
  const others = labels?.others.get(number) ?? [];
  if (!others.length) return [];
  const list = element("ul", "others");
  for (const { verdict, labeller, reason: why, at } of others) {
    const line = element("li", "", glyph(verdict, labeller), " ", element("bdi", "", labeller), why ? `: ${why}` : "");
    line.title = at;
    list.append(line);
  }
  return [element("h3", "", "Labels of others"), list];
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

/** @param {HistoryRow} row what is settled is said for all, whoever says it */
function whoOf({ settles, labeller }) {
  return settles ? "" : `by ${labeller}`;
}

/** @param {HistoryRow} row @param {boolean} isReplaced */
function lineOf({ verdict, labeller, at, reason, settles, scores_in_view: inView }, isReplaced) {
  const sign = verdict ? [glyph(verdict, labeller), ` ${VERDICTS[verdict].name.toLowerCase()}`] : ["taken back"];
  const who = [settles ? " settled by " : " by ", element("bdi", "", labeller)];
  const when = element("time", "", new Date(at).toLocaleString());
  when.dateTime = at;
  const notes = [...(inView === null ? [] : [inView ? "scores in view" : "scores hidden"]), ...(isReplaced ? ["replaced since"] : [])];
  const line = element("li", isReplaced ? "label-replaced" : "", ...sign, ...who, reason ? `: ${reason}` : "", " ");
  line.append(element("span", "small quiet", when, ...notes.map((note) => ` · ${note}`)));
  return line;
}
