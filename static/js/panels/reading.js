/**
 * A step's text as people read it: reasoning told apart from the answer, hidden where the reader wants so, and of a very long
 * text the beginning. It never hides an answer.
 * @module
 */

import { atom } from "../lib/atom.js";
import { plural } from "../lib/format.js";
import { Reasoning } from "../lib/reasoning.js";
import { element } from "./element.js";
import { typeset } from "./typeset.js";

/** @typedef {import("../lib/reasoning.js").Part} Part */

const KEPT = "hide-reasoning";
/** A longer text is read up to here; the plain text below the step has all of it. */
export const LONGEST = 20_000;
/** The letters before the limit among which a break is looked for. */
const BREAK = 200;

export class Reading {
  /**
   * @param {(number: number) => import("../lib/reasoning.js").Step | undefined} stepOf
   * @param {{mayHide?: boolean}} [how] mayHide: false where every text has to be read, whatever was hidden elsewhere
   */
  constructor(stepOf, { mayHide = true } = {}) {
    this.reasoning = new Reasoning(stepOf);
    /** Kept with the browser: a live run goes on without the reasoning that comes. */
    this.hidden = atom("reasoning hidden", mayHide && localStorage.getItem(KEPT) === "1");
    this.hidden.watch((hidden) => localStorage.setItem(KEPT, hidden ? "1" : "0"));
  }

  /**
   * @param {HTMLElement} host
   * @param {number} number
   * @param {object} [how]
   * @param {number} [how.longest] letters
   * @param {boolean} [how.isPlain] formulas as they are written, which is fast
   */
  show(host, number, { longest = LONGEST, isPlain = false } = {}) {
    const set = isPlain ? (/** @type {HTMLElement} */ part, /** @type {string} */ text) => part.replaceChildren(text) : typeset;
    const parts = this.reasoning.partsOf(number);
    const whole = parts.reduce((letters, { text }) => letters + text.length, 0);
    let left = longest;
    /** @type {HTMLElement[]} */
    const made = [];
    for (const [at, { kind, text }] of parts.entries()) {
      if (kind === "reasoning" && this.hidden.get()) {
        made.push(element("span", "said-hidden", `Reasoning hidden · ${plural(text.length, "character")}`));
        continue;
      }
      if (left <= 0) break;
      const shown = beginningOf(text, left);
      const part = element("span", `said-${kind}`);
      // A part stands in lines of its own, so that the break between two would be shown twice.
      set(part, parts.length > 1 ? trimmed(shown, at > 0, at < parts.length - 1) : shown);
      made.push(part);
      left -= text.length;
    }
    if (left < 0 && longest === LONGEST) {
      made.push(element("span", "said-more", `The first ${plural(longest, "character")} of ${plural(whole, "character")}; the plain text of the step has all.`));
    }
    host.replaceChildren(...made);
  }

  /**
   * @param {number} number
   * @returns {string} what is read of it, for those who listen
   */
  wordsOf(number) {
    const parts = this.reasoning.partsOf(number);
    const shown = this.hidden.get() ? parts.filter(({ kind }) => kind === "answer") : parts;
    return shown.length || !parts.length ? shown.map(({ text }) => text).join("") : "Reasoning, hidden.";
  }

  /**
   * @param {number} number
   * @param {number} from letter of its text
   * @returns {boolean} whether what stands there is hidden
   */
  isHiddenAt(number, from) {
    if (!this.hidden.get()) return false;
    let end = 0;
    for (const { kind, text } of this.reasoning.partsOf(number)) {
      end += text.length;
      if (from < end) return kind === "reasoning";
    }
    return false;
  }
}

/** @param {string} text @param {number} most @returns {string} cut where a word ends, if one does near the limit */
function beginningOf(text, most) {
  if (text.length <= most) return text;
  const near = text.slice(most - Math.min(BREAK, most), most);
  const at = Math.max(near.lastIndexOf(" "), near.lastIndexOf("\n"));
  return text.slice(0, at < 0 ? most : most - near.length + at);
}

/** @param {string} text @param {boolean} start @param {boolean} end */
function trimmed(text, start, end) {
  const begun = start ? text.replace(/^[ \t]*\n+/, "") : text;
  return end ? begun.replace(/\n+[ \t]*$/, "") : begun;
}
