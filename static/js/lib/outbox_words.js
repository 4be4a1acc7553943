/**
 * What a page says of its outbox: the state in a word, an entry by its name, how long ago something was. It decides nothing.
 * @module
 */

import { VERDICTS, count, plural } from "./format.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {"good" | "quiet" | "late" | "failed"} Kind of a colour */

/**
 * @param {{line: import("./outbox.js").Line, waiting: number, refused: number, isKept: boolean}} state
 * @returns {{kind: Kind, glyph: string, words: string}}
 */
export function savedWords({ line, waiting, refused, isKept }) {
  const many = waiting ? ` (${count(waiting)})` : "";
  const lines = {
    saved: { glyph: "✓", words: "Saved" },
    saving: { glyph: "◌", words: waiting > 1 ? `Saving${many}` : "Saving" },
    again: { glyph: "!", words: `Not saved yet${many}` },
    offline: { glyph: "◌", words: `Offline${many}` },
    "signed-out": { glyph: "!", words: `Signed out${many}` },
    "somebody-else": { glyph: "!", words: `Not your session${many}` },
  };
  const shown = lines[line];
  const kept = isKept || (line === "saved" && !refused) ? "" : " · kept by this page alone";
  if (refused) {
    const need = `${count(refused)} ${refused === 1 ? "needs" : "need"} you`;
    return { kind: "failed", glyph: "!", words: (line === "saved" ? need : `${shown.words} · ${need}`) + kept };
  }
  if (line === "saved") return { kind: "good", ...shown };
  const kind = line === "saving" ? "quiet" : line === "offline" || line === "again" ? "late" : "failed";
  return { kind, glyph: shown.glyph, words: shown.words + kept };
}

/**
 * @param {Entry} entry
 * @returns {string} what it is about, such as "Step 5"
 */
export function nameOf({ body, path }) {
  const number = body.number ?? /\/steps\/(\d+)\//.exec(path)?.[1];
  if (number !== undefined) return `Step ${number}`;
  if (path.endsWith("/state")) return "Turn";
  return path.endsWith("/own-steps") ? "Own step" : "Critique";
}

/**
 * @param {any} said a verdict as it is sent or stored
 * @returns {{glyph: string, words: string, verdict: string}} verdict: empty where it is none
 */
export function saidOf(said) {
  const shown = VERDICTS[/** @type {import("./format.js").Verdict} */ (said?.verdict)];
  const more = [said?.flagged ? "flagged" : "", said?.critique ? `“${short(said.critique)}”` : ""].filter(Boolean).join(", ");
  if (shown) return { glyph: shown.glyph, verdict: said.verdict, words: [shown.name.toLowerCase(), more].filter(Boolean).join(", ") };
  if (said?.state) return { glyph: "", verdict: "", words: said.state };
  return { glyph: "", verdict: "", words: said?.text ? `“${short(said.text)}”` : "no verdict" };
}

/** @param {string} text */
function short(text) {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * @param {number} ms between then and now
 * @returns {string}
 */
export function ago(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${plural(hours, "hour")} ago` : `${plural(Math.round(hours / 24), "day")} ago`;
}
