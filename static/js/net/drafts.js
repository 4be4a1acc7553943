/**
 * What somebody has written and not sent yet, kept in this browser with the identity under which it is sent. Sends nothing.
 * @module
 */

import { newUuid } from "../lib/uuid.js";

/** @typedef {{text: string, uuid: string}} Draft uuid: by which the server knows it again, however often it is delivered */

/**
 * @param {string} key
 * @returns {Draft}
 */
export function draftOf(key) {
  const kept = localStorage.getItem(key);
  const { text, uuid } = kept ? JSON.parse(kept) : {};
  return { text: text ?? "", uuid: uuid ?? newUuid() };
}

/**
 * @param {string} key
 * @param {Draft} draft an empty one is dropped
 * @returns {boolean} whether the browser has room for it
 */
export function keepDraft(key, draft) {
  try {
    if (draft.text) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    return true;
  } catch {
    // Full, or switched off by its owner: the text stands in its field, and the reader is told.
    return false;
  }
}
