/**
 * The numbers that scorers and searches gave a step, each with who gave it and when; at a time cursor those that had been
 * given by then. It ranks nothing.
 * @module
 */

import { scoreAt } from "../lib/as_it_stood.js";
import { count, decimal, makerName, plural } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {import("../net/steps.js").MakerScore} MakerScore */
/** @typedef {import("./facts.js").Add} Add */

/** A revision is a digest, which so many letters tell apart; the whole of it is said on hover. */
const REVISION = 12;
/** Of so many numbers the newest are shown; a log of forty would hide the step. */
const EARLIER_SHOWN = 5;

/**
 * @param {readonly MakerScore[]} scores
 * @param {number | null} cursor
 * @param {Add} add
 */
export function scoreFacts(scores, cursor, add) {
  for (const score of scores) add(makerName(score.maker), scoreWords(score, cursor), "score-bearing");
}

/**
 * A number, then quietly who gave it when, and what the same maker had given before.
 * @param {MakerScore} score
 * @param {number | null} cursor
 */
function scoreWords(score, cursor) {
  const { maker, tokens } = score;
  const then = scoreAt(score, cursor);
  const first = score.earlier[0] ?? score;
  if (!then) return element("span", "quiet", `not given yet; the first comes at event ${count(first.seq)}`);
  const { given, earlier } = then;
  const parts = [`event ${count(given.seq)}`];
  if (maker.revision) parts.push(`revision ${maker.revision.slice(0, REVISION)}`);
  if (tokens && given === score) parts.push(`${plural(tokens, "token")} computed`);
  const shown = earlier.slice(-EARLIER_SHOWN);
  if (earlier.length > shown.length) parts.push(`${count(earlier.length - shown.length)} before those`);
  for (const before of shown) parts.push(`before ${decimal(before.value, 3)} at event ${count(before.seq)}`);
  const more = element("span", "small quiet", ` ${parts.join(" · ")}`);
  if (maker.revision) more.title = `revision ${maker.revision}`;
  return element("span", "", element("span", "mono", decimal(given.value, 3)), more);
}

/**
 * What a tree search counted.
 * @param {import("./step.js").Counted | null} counted null where nothing was
 * @param {Add} add
 */
export function searchFacts(counted, add) {
  if (!counted) return;
  const { visits, ofParent, value } = counted;
  const of = element("span", "small quiet", ofParent ? ` of ${count(ofParent)} through its parent` : "");
  add("visits", element("span", "", element("span", "mono", count(visits)), of), "score-bearing");
  const mean = element("span", "small quiet", visits ? ` mean of ${plural(visits, "simulation")}` : "");
  add("value", element("span", "", element("span", "mono", decimal(value, 3)), mean), "score-bearing");
}
