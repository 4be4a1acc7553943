/**
 * Leaving a task to others, with a reason. It takes nothing back that was said.
 * @module
 */

import { askReason } from "./ask.js";
import { place } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */

const REASONS = ["I know too little of this", "The text is cut off or cannot be read", "It is in a language I do not read", "It takes too long"];

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  const skip = () => void ask(page);
  place("skip").addEventListener("click", skip);
  return { S: skip };
}

/** @param {LabelPage} page */
async function ask(page) {
  const piece = page.piece.get();
  if (!piece?.inHand.isOpen) return;
  const reason = await askReason({ title: "Skip this task", help: "It goes to somebody else. What you have said so far is kept.", reasons: REASONS, act: "Skip" });
  if (!reason || page.piece.get() !== piece) return;
  await page.skip(reason);
}
