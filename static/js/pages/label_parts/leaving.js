/**
 * Ending a task without its verdicts: giving up, or calling the problem bad. Both ask why, and keep what was said so far.
 * @module
 */

import { askReason } from "./ask.js";
import { place } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */

const GIVE_UP = {
  finish: /** @type {const} */ ("give_up"),
  title: "Give up on this task",
  help: "If two or three minutes brought you no further, this is the right thing to do. What you have said so far is kept.",
  reasons: ["I was stuck for two or three minutes", "I cannot tell which of the steps is right", "I lack the knowledge it takes"],
  act: "Give up",
};
const BAD_PROBLEM = {
  finish: /** @type {const} */ ("bad_problem"),
  title: "The problem is bad",
  help:
    "A problem is bad if nobody could work on it as it is put. That its reference answer is wrong does not make it bad: judge the steps by what is right, " +
    "and flag the last one.",
  reasons: ["It is unclear what is asked", "It asks several questions at once", "Something it needs is missing", "What it says is wrong or contradicts itself"],
  act: "Call it bad",
};

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  const giveUp = () => void leave(page, GIVE_UP);
  const badProblem = () => void leave(page, BAD_PROBLEM);
  place("give-up").addEventListener("click", giveUp);
  place("bad-problem").addEventListener("click", badProblem);
  return { G: giveUp, P: badProblem };
}

/** @param {LabelPage} page @param {typeof GIVE_UP | typeof BAD_PROBLEM} how */
async function leave(page, { finish, ...asks }) {
  const piece = page.piece.get();
  if (!piece?.inHand.isOpen) return;
  const reason = await askReason(asks);
  if (!reason || page.piece.get() !== piece) return;
  await page.end({ finish, reason });
}
