/**
 * What an outbox decides: who is next, who waits behind whom, and what an answer of the server means. It keeps and sends nothing.
 * @module
 */

import { waitBefore } from "./backoff.js";

/**
 * @typedef {{status: number, code: string, message: string, theirs?: any}} Refusal theirs: the row that another tab or browser
 *   stored meanwhile, of a 412
 * @typedef {{id: number, path: string, body: any, key: string, words: string, at: number, tries: number, refused: Refusal | null}} Entry
 *   id: its place in the order; key: what it is about, such as "turn/12/step/5", which belongs to "turn/12"; words: what a list
 *   calls it; at: when it was added, ms since 1970; refused: why it was set aside, null while it waits
 * @typedef {{status: number, code: string, retryAfter?: number | null}} Failure status: 0 where no answer came; retryAfter: seconds
 * @typedef {"again" | "signed-out" | "ask-who" | "set-aside"} Meaning
 * @typedef {"saved" | "saving" | "again" | "offline" | "signed-out" | "somebody-else"} Line
 */

const BROKEN_TRIES = 6;
const CSRF_TRIES = 3;
const LONGEST_ASKED_MS = 60_000;

/**
 * @param {Failure} failure
 * @param {number} tries of this entry so far, this one included
 * @returns {Meaning}
 */
export function meaningOf({ status, code }, tries) {
  if (status === 401) return "signed-out";
  if (status === 403 && code === "csrf" && tries <= CSRF_TRIES) return "ask-who";
  if (status === 500) return tries < BROKEN_TRIES ? "again" : "set-aside";
  return status === 0 || status === 408 || status === 429 || status > 500 ? "again" : "set-aside";
}

/**
 * @param {Failure} failure
 * @param {number} failures in a row so far
 * @param {number} chance from 0 to 1
 * @returns {number} milliseconds; never sooner than the server asked for, up to a minute
 */
export function pauseAfter({ retryAfter }, failures, chance) {
  return Math.max(waitBefore(failures, chance), Math.min(LONGEST_ASKED_MS, (retryAfter ?? 0) * 1000));
}

/**
 * @param {string} key
 * @param {string} aside of one that is set aside
 * @returns {boolean} whether it waits for that: being about the same, or about a whole of which that is a part. A part never waits
 *   for the whole: a task that was not taken is taken once its steps are said.
 */
export function waitsFor(key, aside) {
  return key === aside || aside.startsWith(`${key}/`);
}

/**
 * @param {readonly Entry[]} entries in their order
 * @returns {Entry[]} those that are neither set aside nor wait for one that is
 */
export function goingOf(entries) {
  const held = new Set(heldOf(entries));
  return entries.filter((entry) => !entry.refused && !held.has(entry));
}

/**
 * @param {readonly Entry[]} entries in their order
 * @returns {Entry[]} those that wait for one that is set aside
 */
export function heldOf(entries) {
  const aside = entries.filter((entry) => entry.refused);
  if (!aside.length) return [];
  return entries.filter((entry) => !entry.refused && aside.some((older) => older.id < entry.id && waitsFor(entry.key, older.key)));
}

/**
 * @param {readonly Entry[]} entries
 * @param {Entry} first
 * @returns {Entry[]} it and what came later about the very same thing
 */
export function chainOf(entries, first) {
  return entries.filter((entry) => entry.key === first.key && entry.id >= first.id);
}

/**
 * @param {any} body a verdict as it is to be sent
 * @param {any} theirs one that was stored meanwhile
 * @returns {boolean} whether both say the same, so that there is nothing to choose
 */
export function isSame(body, theirs) {
  const said = (/** @type {any} */ row) => JSON.stringify([row.verdict, row.flagged ?? false, row.critique ?? "", row.reason ?? "", row.chosen ?? null]);
  return said(body) === said(theirs);
}
