/**
 * What is known of a step, as a list of names and values: where it stands, why it was chosen or given up, its answer, every
 * number with its maker and event, what it cost. Text of models goes in as text.
 * @module
 */

import { count, decimal, makerName, plural } from "../lib/format.js";
import { glyph } from "./branch.js";
import { element } from "./element.js";
import { typeset } from "./typeset.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../net/steps.js").MakerScore} MakerScore */

/** A revision is a digest, which so many letters tell apart; the whole of it is said on hover. */
const REVISION = 12;

/** @param {FullStep} step */
export function head(step) {
  // What is inherited was written by its maker, and inherited by nobody's doing.
  const came = step.origin === "inherited" ? "inherited, written" : step.origin;
  const ends = step.terminal ? " · ends here" : "";
  const maker = element("span", "", makerName(step.maker));
  if (step.maker.revision) maker.title = `revision ${step.maker.revision}`;
  const strong = element("strong", "", `Step ${count(step.number)}`);
  return element("p", "step-head", strong, ` · depth ${step.depth} · ${came} by `, maker, ` · event ${count(step.born)}${ends}`);
}

/** @param {FullStep} step */
export function reasons({ chosen, chosen_why: chosenWhy, pruned, pruned_why: prunedWhy }) {
  const lines = [];
  // Reasons quote scores, so they hide with them; that it happened does not.
  if (chosen !== null) lines.push(reason("Chosen", chosen, chosenWhy));
  if (pruned !== null) lines.push(reason("Pruned", pruned, prunedWhy));
  return lines;
}

/**
 * @param {string} what
 * @param {number} seq
 * @param {string} why
 */
function reason(what, seq, why) {
  const words = why ? [": ", element("span", "score-bearing", why)] : [];
  return element("p", "step-why", element("strong", "", what), ` at event ${count(seq)}`, ...words);
}

/** @param {FullStep} step */
export function facts(step) {
  const { list, add } = factList();
  if (step.answer) answerFacts(step.answer, add);
  for (const score of step.scores) add(makerName(score.maker), scoreWords(score), "score-bearing");
  if (step.logprob !== null) add("log-probability", element("span", "mono", `${decimal(step.logprob, 2)} nats`));
  if (step.entropy !== null) add("entropy", element("span", "mono", `${decimal(step.entropy, 3)} nats a token`));
  return list;
}

/** @typedef {(name: string, value: Node | string, extra?: string) => void} Add */

/** @returns {{list: HTMLElement, add: Add}} */
function factList() {
  const list = element("dl", "data-list step-facts");
  return { list, add: (name, value, extra = "") => list.append(element("dt", extra, name), element("dd", extra, value)) };
}

/**
 * @param {import("../net/steps.js").Answer} answer
 * @param {Add} add
 */
function answerFacts(answer, add) {
  const text = element("span", "");
  text.dir = "auto";
  typeset(text, answer.text || "none could be read");
  add("answer", text);
  const { correct, checker, version, class_key: key } = answer;
  const [kind, words] = correct === null ? ["unknown", "– unknown"] : correct ? ["right", "✓ right"] : ["wrong", "✕ wrong"];
  const by = checker ? element("span", "quiet", ` by ${checker} ${version}`) : "";
  add("checked", element("span", "", element("span", `outcome outcome-${kind}`, words), by));
  if (key !== null && key !== answer.text) {
    const shown = element("span", "mono", key);
    shown.dir = "auto";
    add("class", shown);
  }
}

/**
 * A number, then quietly who gave it when, and what the same maker had given before.
 * @param {MakerScore} score
 */
function scoreWords({ value, seq, maker, tokens, earlier }) {
  const parts = [`event ${count(seq)}`];
  if (maker.revision) parts.push(`revision ${maker.revision.slice(0, REVISION)}`);
  if (tokens) parts.push(`${plural(tokens, "token")} computed`);
  for (const before of earlier) parts.push(`before ${decimal(before.value, 3)} at event ${count(before.seq)}`);
  const more = element("span", "small quiet", ` ${parts.join(" · ")}`);
  if (maker.revision) more.title = `revision ${maker.revision}`;
  return element("span", "", element("span", "mono", decimal(value, 3)), more);
}

/** @param {FullStep} step */
export function costs({ tokens, generated, computed, scores, repeats }) {
  const { list, add } = factList();
  if (tokens) add("tokens", mono(tokens));
  if (generated || computed) add("generated", mono(generated));
  if (generated || computed) add("computed", mono(computed));
  const scoring = scores.reduce((sum, score) => sum + score.tokens, 0);
  if (scoring) add("computed for scores", mono(scoring));
  if (repeats) {
    const words = `${plural(repeats.times, "time")} and dropped · ${plural(repeats.generated, "token")} generated, ${count(repeats.computed)} computed`;
    add("drawn again", words);
  }
  return list.hasChildNodes() ? [element("h3", "", "Cost in tokens"), list] : [];
}

/** @param {number} value */
function mono(value) {
  return element("span", "mono", count(value));
}

/**
 * @param {FullStep} step
 * @param {import("../overlays/labels.js").Labels | null} labels
 */
export function othersSay(step, labels) {
  const others = labels?.others.get(step.number) ?? [];
  if (!others.length) return [];
  const list = element("ul", "others");
  for (const { verdict, labeller, reason: why, at } of others) {
    const line = element("li", "", glyph(verdict, labeller), ` ${labeller}${why ? `: ${why}` : ""}`);
    line.title = at;
    list.append(line);
  }
  return [element("h3", "", "Labels of others"), list];
}
