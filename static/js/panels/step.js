/**
 * Everything about the selected step but its text, which the branch shows. It puts the sections together and keeps those
 * that stay the same, with focus and selection in them, while a run is played; what they say is theirs.
 * @module
 */

import { count } from "../lib/format.js";
import { button, element } from "./element.js";
import { childrenSection, parentSection, siblingsSection } from "./family.js";
import { costs, facts, head, reasons } from "./step_facts.js";
import { LabelHistory, othersSay } from "./step_labels.js";
import { plainText } from "./step_text.js";
import { tokenStrip } from "./tokens.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../overlays/labels.js").Labels} Labels */
/**
 * @typedef {object} View
 * @property {FullStep} step
 * @property {FullStep[]} siblings those to be shown
 * @property {number} siblingCount
 * @property {number} rank its place among its siblings by score, from 1; 0 where it has none
 * @property {FullStep[]} children those to be shown
 * @property {number} childCount
 * @property {Labels | null} labels
 * @property {boolean} scoresHidden
 * @property {number | null} cursor the event as of which everything is said, null for today
 * @property {Counted | null} counted what a tree search counted, null where it counts nothing
 * @property {import("../net/steps.js").Spent | null} spent null where it is not known, or not yet
 * @property {import("./reading.js").Reading} reading
 *
 * @typedef {{visits: number, ofParent: number, value: number}} Counted value NaN where there is none
 */

export class StepPanel {
  /**
   * @param {HTMLElement} host
   * @param {(number: number) => void} select
   * @param {(place: number) => string} heatAt
   * @param {(number: number) => Promise<import("../net/steps.js").HistoryRow[]>} history
   * @param {(number: number) => string} settlingOf where a step is settled; empty for who may not
   */
  constructor(host, select, heatAt, history, settlingOf) {
    this.host = host;
    this.select = select;
    this.heatAt = heatAt;
    this.history = new LabelHistory(history);
    this.settlingOf = settlingOf;
    this.number = 0;
    this.tokens = section("tokens");
  }

  /** @param {View} view */
  show(view) {
    const { step } = view;
    if (step.number !== this.number) {
      this.number = step.number;
      this.tokens = section("tokens");
      this.tokens.dataset.fixed = String(step.number);
      this.host.scrollTop = 0;
    }
    const text = section("text", plainText(step.text));
    text.dataset.fixed = String(step.number);
    const parts = [
      ...this.moment(view),
      section("others", ...othersSay(step.number, view.labels, this.settlingOf(step.number))),
      this.said(step.number, view.labels),
      this.tokens,
      section("parent", ...parentSection(view, this.select)),
      section("siblings", ...siblingsSection(view, this.select)),
      section("children", ...childrenSection(view, this.select)),
      section("costs", ...costs(view)),
      text,
    ];
    settle(this.host, parts.filter((part) => part.hasChildNodes() || part === this.tokens));
  }

  /** Nothing of another step stands here meanwhile, which somebody would judge for this one. @param {number} number @param {() => void} again */
  showMissing(number, again) {
    this.number = 0;
    const words = element("p", "", `Step ${count(number)} is selected, and its text did not come. `, button("button", again, "Try again"));
    this.host.replaceChildren(element("div", "notice notice-warning", words));
  }

  /** What depends on the time cursor and is made fast, so that it may follow a replay. @param {View} view */
  showMoment(view) {
    if (view.step.number !== this.number) return;
    for (const made of this.moment(view)) {
      const old = this.host.querySelector(`:scope > [data-section="${made.dataset.section}"]`);
      if (old && made.hasChildNodes() && !old.isEqualNode(made)) old.replaceWith(made);
    }
  }

  /** @param {View} view */
  moment(view) {
    return [section("head", head(view)), section("reasons", ...reasons(view)), section("facts", facts(view))];
  }

  /** @param {number} number @param {Labels | null} labels */
  said(number, labels) {
    const made = section("history", this.history.section(number));
    made.dataset.fixed = `${number} ${labels?.revision ?? 0}`;
    return made;
  }

  /**
   * @param {import("../net/steps.js").Token[]} tokens
   * @param {(letter: number) => boolean} isHidden whether what stands there in the text is hidden
   */
  showTokens(tokens, isHidden) {
    if (this.tokens.dataset.shown) return;
    this.tokens.dataset.shown = "1";
    this.tokens.replaceChildren(...(tokens.length ? [tokenStrip(tokens, this.heatAt, isHidden)] : []));
  }

  /** The colours have changed, or what is read of a step: tokens are made anew when they are next shown. */
  forgetTokens() {
    delete this.tokens.dataset.shown;
  }

  /** @param {string} message @param {() => void} again */
  showFailure(message, again) {
    const words = element("p", "", `Siblings and tokens are missing: ${message} `, button("button", again, "Try again"));
    delete this.tokens.dataset.shown;
    this.tokens.replaceChildren(element("div", "notice notice-warning", words));
  }
}

/**
 * @param {string} name
 * @param {...Node} content
 */
function section(name, ...content) {
  const made = element("div", "step-section", ...content);
  made.dataset.section = name;
  return made;
}

/**
 * Makes the sections of a host those given, in their order. One that says the same stays the very element it was.
 * @param {HTMLElement} host
 * @param {HTMLElement[]} sections
 */
function settle(host, sections) {
  const focused = placeOfFocus(host);
  const there = new Map([...host.children].map((child) => [child instanceof HTMLElement ? child.dataset.section : "", child]));
  let at = host.firstElementChild;
  for (const made of sections) {
    const old = there.get(made.dataset.section);
    if (!old || !saysTheSame(old, made)) {
      host.insertBefore(made, at);
      continue;
    }
    at = removedUpTo(at, old)?.nextElementSibling ?? null;
  }
  removedUpTo(at, null);
  if (focused && !host.contains(document.activeElement)) {
    const again = host.querySelector(focused);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }
}

/**
 * @param {Element | null} from
 * @param {Element | null} end
 */
function removedUpTo(from, end) {
  let at = from;
  while (at && at !== end) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
  return at;
}

/**
 * What belongs to a step for good, and may be folded, marked or focused, is the same as long as the step is.
 * @param {Element} old
 * @param {HTMLElement} made
 */
function saysTheSame(old, made) {
  const fixed = old instanceof HTMLElement ? old.dataset.fixed : undefined;
  return fixed === undefined ? old.isEqualNode(made) : fixed === made.dataset.fixed;
}

/**
 * @param {HTMLElement} host
 * @returns {string} a selector of what has the focus in it, empty where nothing has that could come again
 */
function placeOfFocus(host) {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !host.contains(focused) || !focused.dataset.number) return "";
  const inside = focused.closest("[data-section]");
  return `[data-section="${inside instanceof HTMLElement ? inside.dataset.section : ""}"] [data-number="${focused.dataset.number}"]`;
}
