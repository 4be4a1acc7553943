/**
 * What is known of a step, as a list of names and values: where it stands, why it was chosen or given up, its answer, every
 * number with its maker and event, what it cost. Text of models goes in as text.
 * @module
 */

import { hasHappened } from "../lib/as_it_stood.js";
import { count, decimal, makerName, plural } from "../lib/format.js";
import { element } from "./element.js";
import { factList, mono } from "./facts.js";
import { scoreFacts, searchFacts } from "./step_scores.js";
import { typeset } from "./typeset.js";

/** @typedef {import("./step.js").View} View */
/** @typedef {import("./facts.js").Add} Add */

/** @param {View} view */
export function head({ step, cursor }) {
  // What is inherited was written by its maker, and inherited by nobody's doing.
  const came = step.origin === "inherited" ? "inherited, written" : step.origin;
  const ends = step.terminal ? " · ends here" : "";
  const maker = element("span", "", makerName(step.maker));
  if (step.maker.revision) maker.title = `revision ${step.maker.revision}`;
  const strong = element("strong", "", `Step ${count(step.number)}`);
  const then = cursor === null ? [] : [element("span", "step-then", asOf(step.born, cursor))];
  return element("p", "step-head", strong, ` · depth ${step.depth} · ${came} by `, maker, ` · event ${count(step.born)}${ends}`, ...then);
}

/** @param {number} born @param {number} cursor */
function asOf(born, cursor) {
  return ` · as of event ${count(cursor)}${hasHappened(born, cursor) ? "" : ": not born yet"}`;
}

/** @param {View} view */
export function reasons({ step: { chosen, chosen_why: chosenWhy, pruned, pruned_why: prunedWhy }, cursor }) {
  const lines = [];
  // Reasons quote scores, so they hide with them; that it happened does not.
  if (chosen !== null) lines.push(reason("Chosen", chosen, chosenWhy, cursor));
  if (pruned !== null) lines.push(reason("Pruned", pruned, prunedWhy, cursor));
  return lines;
}

/**
 * @param {string} what
 * @param {number} seq
 * @param {string} why
 * @param {number | null} cursor
 */
function reason(what, seq, why, cursor) {
  if (!hasHappened(seq, cursor)) return element("p", "step-why quiet", `Not ${what.toLowerCase()} yet; that is event ${count(seq)}`);
  const words = why ? [": ", element("span", "score-bearing", why)] : [];
  return element("p", "step-why", element("strong", "", what), ` at event ${count(seq)}`, ...words);
}

/** @param {View} view */
export function facts({ step, cursor, counted }) {
  const { list, add } = factList();
  if (step.answer) answerFacts(step.answer, add);
  scoreFacts(step.scores, cursor, add);
  searchFacts(counted, add);
  if (step.logprob !== null) add("log-probability", element("span", "mono", `${decimal(step.logprob, 2)} nats`));
  if (step.entropy !== null) add("entropy", element("span", "mono", `${decimal(step.entropy, 3)} nats a token`));
  return list;
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

/** @param {View} view */
export function costs({ step: { tokens, generated, computed, scores, repeats }, spent }) {
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
  if (spent) add("spent by its birth", spentWords(spent));
  return list.hasChildNodes() ? [element("h3", "", "Cost in tokens"), list] : [];
}

/** @param {import("../net/steps.js").Spent} spent */
function spentWords({ tokens, steps, seconds }) {
  const generated = tokens ? [`${plural(tokens, "token")} generated`] : [];
  return [...generated, plural(steps, "step"), ...(seconds ? [`${decimal(seconds, 1)} s`] : [])].join(" · ");
}
