/**
 * Everything about the selected step but its text, which the branch shows: scores, reasons, answer, labels, siblings, tokens.
 * @module
 */

import { count, decimal, makerName, plural } from "../lib/format.js";
import { glyph } from "./branch.js";
import { button, element } from "./element.js";
import { tokenStrip } from "./tokens.js";
import { typeset } from "./typeset.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../overlays/labels.js").Labels} Labels */
/**
 * @typedef {object} View
 * @property {FullStep} step
 * @property {FullStep[]} siblings those to be shown
 * @property {number} siblingCount
 * @property {Labels | null} labels
 * @property {boolean} scoresHidden
 */

export class StepPanel {
  /**
   * @param {HTMLElement} host
   * @param {(number: number) => void} select
   * @param {(place: number) => string} heatAt
   */
  constructor(host, select, heatAt) {
    this.host = host;
    this.select = select;
    this.heatAt = heatAt;
    this.tokensHost = element("div", "");
  }

  /** @param {View} view */
  show(view) {
    const { step } = view;
    this.tokensHost = element("div", "");
    this.host.replaceChildren(
      head(step),
      ...reasons(step),
      facts(step),
      ...othersSay(step, view.labels),
      this.tokensHost,
      ...this.siblings(view),
    );
  }

  /** @param {import("../net/steps.js").Token[]} tokens */
  showTokens(tokens) {
    this.tokensHost.replaceChildren(...(tokens.length ? [tokenStrip(tokens, this.heatAt)] : []));
  }

  /** @param {string} message @param {() => void} again */
  showFailure(message, again) {
    const words = element("p", "", `Siblings and tokens are missing: ${message} `, button("button", again, "Try again"));
    this.tokensHost.replaceChildren(element("div", "notice notice-warning", words));
  }

  /** @param {View} view */
  siblings({ step, siblings, siblingCount, labels, scoresHidden }) {
    if (siblingCount < 2) return [];
    const ranked = [...siblings].sort((a, b) => (scoresHidden ? 0 : scoreOf(b) - scoreOf(a)) || a.number - b.number);
    const list = element("ol", "siblings");
    for (const sibling of ranked) list.append(this.sibling(sibling, step, labels));
    const hidden = siblingCount - ranked.length;
    const isRanked = !scoresHidden && siblings.some((sibling) => sibling.scores.length > 0);
    const title = `${plural(siblingCount, "continuation")} of the same step${isRanked ? ", best first" : ""}`;
    const rest = hidden ? [element("p", "small quiet", `${count(hidden)} more in the tree.`)] : [];
    return [element("section", "", element("h3", "", title), list, ...rest)];
  }

  /**
   * @param {FullStep} sibling
   * @param {FullStep} step
   * @param {Labels | null} labels
   */
  sibling(sibling, step, labels) {
    const verdict = labels?.shown(sibling.number);
    const text = element("span", "sibling-text");
    text.dir = "auto";
    typeset(text, sibling.text.slice(0, 600));
    const marks = element("span", "sibling-verdict", ...(verdict ? [glyph(verdict, "Verdict")] : []));
    const score = element("span", "number score-bearing", Number.isFinite(scoreOf(sibling)) ? decimal(scoreOf(sibling)) : "");
    const made = button("sibling", () => this.select(sibling.number), marks, text, score);
    if (sibling.number === step.number) made.setAttribute("aria-current", "true");
    if (sibling.pruned_why) made.classList.add("sibling-pruned");
    return element("li", "", made);
  }
}

/** @param {FullStep} step */
function scoreOf(step) {
  return step.scores[0]?.value ?? -Infinity;
}

/** @param {FullStep} step */
function head(step) {
  // What is inherited was written by its maker, and inherited by nobody's doing.
  const came = step.origin === "inherited" ? "inherited, written" : step.origin;
  const place = `depth ${step.depth} · ${came} by ${makerName(step.maker)}`;
  return element("p", "step-head", element("strong", "", `Step ${step.number}`), ` · ${place}${step.terminal ? " · ends here" : ""}`);
}

/** @param {FullStep} step */
function reasons({ chosen_why: chosen, pruned_why: pruned }) {
  const lines = [];
  // Reasons quote scores, so they hide with them.
  if (chosen) lines.push(element("p", "step-why score-bearing", element("strong", "", "Chosen: "), chosen));
  if (pruned) lines.push(element("p", "step-why score-bearing", element("strong", "", "Pruned: "), pruned));
  return lines;
}

/** @param {FullStep} step */
function facts(step) {
  const list = element("dl", "data-list step-facts");
  /** @param {string} name @param {Node | string} value @param {string} [extra] */
  const add = (name, value, extra = "") => list.append(element("dt", extra, name), element("dd", extra, value));
  if (step.answer) {
    const text = element("span", "");
    text.dir = "auto";
    typeset(text, step.answer.text || "none could be read");
    add("answer", element("span", "", text, " ", answerOutcome(step.answer)));
  }
  for (const { maker, value } of step.scores) add(makerName(maker), element("span", "mono", decimal(value, 3)), "score-bearing");
  if (step.logprob !== null) add("log-probability", element("span", "mono", `${decimal(step.logprob, 2)} nats`));
  if (step.entropy !== null) add("entropy", element("span", "mono", `${decimal(step.entropy, 3)} nats a token`));
  if (step.tokens) add("tokens", element("span", "mono", String(step.tokens)));
  return list;
}

/** @param {import("../net/steps.js").Answer} answer */
function answerOutcome({ correct, checker, version }) {
  const [kind, words] = correct === null ? ["unknown", "– unknown"] : correct ? ["right", "✓ right"] : ["wrong", "✕ wrong"];
  const made = element("span", `outcome outcome-${kind}`, words);
  made.title = `by the checker ${checker} ${version}`;
  return made;
}

/**
 * @param {FullStep} step
 * @param {Labels | null} labels
 */
function othersSay(step, labels) {
  const others = labels?.others.get(step.number) ?? [];
  if (!others.length) return [];
  const list = element("ul", "others");
  for (const { verdict, labeller, reason, at } of others) {
    const line = element("li", "", glyph(verdict, labeller), ` ${labeller}${reason ? `: ${reason}` : ""}`);
    line.title = at;
    list.append(line);
  }
  return [element("section", "", element("h3", "", "Labels of others"), list)];
}
