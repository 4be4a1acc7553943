/**
 * How fresh a page is that is brought up to date by itself, in one sentence; the clock is handed in.
 * @module
 */

import { STANDINGS } from "./standing.js";

const LATE_S = 8;

/**
 * line: as net/live.js says it; age: seconds since the page was last as the server has it; isFailing: the last attempt
 * got no page; isGone: the server has another page for this reader.
 * @typedef {{line: string, isOnline: boolean, age: number, isFailing: boolean, isGone: boolean}} Facts
 * kind: live, late or gone, which has a colour of its own.
 * @typedef {{kind: "live" | "late" | "gone" | "", glyph: string, words: string}} Freshness
 */

/**
 * @param {Facts} facts
 * @returns {Freshness}
 */
export function freshness({ line, isOnline, age, isFailing, isGone }) {
  if (isGone || line === "refused") {
    const words = "Your session has ended, or you may no longer look at this. What you see stays as it is; reload the page.";
    return { kind: "gone", glyph: "!", words };
  }
  if (!isOnline) return late("offline", age);
  if (isFailing) return late("reconnecting", age, ": the server does not answer as it should");
  if (line === "live") return { kind: "live", ...STANDINGS.live };
  if (line === "polling" && age < LATE_S) return { kind: "late", ...STANDINGS.polling };
  return line === "polling" ? late("reconnecting", age) : { kind: "", ...STANDINGS.connecting };
}

/**
 * @param {"offline" | "reconnecting"} standing
 * @param {number} age
 * @param {string} [why]
 * @returns {Freshness}
 */
function late(standing, age, why = "") {
  const { glyph, words } = STANDINGS[standing];
  return { kind: "late", glyph, words: `${words} · last seen ${ago(age)}${why}` };
}

/**
 * @param {number} seconds
 * @returns {string} 12 s ago, 3 min ago, 2 h ago
 */
function ago(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}
