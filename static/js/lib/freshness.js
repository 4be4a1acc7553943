/**
 * How fresh a page is that is brought up to date by itself, in one sentence; the clock is handed in.
 * @module
 */

const LATE_S = 8;

/**
 * line: as net/live.js says it; age: seconds since the page was last as the server has it; isFailing: the last attempt
 * got no page; isGone: the server has another page for this reader.
 * @typedef {{line: string, isOnline: boolean, age: number, isFailing: boolean, isGone: boolean}} Facts
 * @typedef {{kind: "live" | "late" | "gone" | "", words: string}} Freshness
 */

/**
 * @param {Facts} facts
 * @returns {Freshness}
 */
export function freshness({ line, isOnline, age, isFailing, isGone }) {
  if (isGone || line === "refused") {
    return {
      kind: "gone",
      words: "No longer brought up to date: you are signed out, or may not see this any more. Reload the page.",
    };
  }
  if (!isOnline) return { kind: "late", words: `Offline, last seen ${ago(age)}` };
  if (isFailing) return { kind: "late", words: `Last seen ${ago(age)}: the server does not answer as it should. Trying again` };
  if (line === "live") return { kind: "live", words: "Live" };
  if (line === "polling" && age < LATE_S) return { kind: "late", words: "Asking every 5 s: no live connection" };
  if (line === "polling") return { kind: "late", words: `Last seen ${ago(age)}: no connection. Trying again` };
  return { kind: "", words: "" };
}

/**
 * @param {number} seconds
 * @returns {string} 12 s ago, 3 min ago, 2 h ago
 */
function ago(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}
