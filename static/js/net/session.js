/**
 * Who is signed in in this browser now, which another tab may have changed. It signs nobody in.
 * @module
 */

import { getJson } from "./api.js";

/** Whose page this is, as it was loaded; empty for nobody. */
export const READER = typeof document === "undefined" ? "" : (document.body.dataset.person ?? "");

/**
 * @returns {Promise<string>} the person, empty for nobody. Where it is the reader, what the page sends from here on carries the
 *   session's own CSRF token: signing in anew makes another. Rejects with an ApiError.
 */
export async function whoIsHere() {
  const { person, csrf } = await getJson("/session/");
  // A page of one person must never send as another, so only its own reader's token is taken.
  if (person === READER) document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", csrf);
  return person;
}
