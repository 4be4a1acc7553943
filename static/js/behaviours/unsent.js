/**
 * Goes on, on whatever page comes next, with what a person said on a page that was left before all of it was sent. It stays out
 * of sight where that is a matter of a moment, and shows nothing where nothing waits. Pages with an outbox of their own do without it.
 * @module
 */

import { openStore } from "../net/outbox_store.js";
import { READER } from "../net/session.js";

/** What was said last is often on its way behind the page that closed, and a notice for that would only flicker. */
const CALM_MS = 1_000;

/** @param {HTMLElement} notice */
export async function attach(notice) {
  if (!(await isAnyKept())) return;
  const [{ openOutbox }, { attachSaved }] = await Promise.all([import("../net/outbox.js"), import("../panels/saved.js")]);
  const outbox = await openOutbox({ person: READER });
  attachSaved(/** @type {HTMLElement} */ (notice.querySelector("[data-part=unsent-chip]")), outbox);
  /** Once it is in sight it stays, and says when all is saved. @param {import("../net/outbox.js").OutboxState} state */
  const show = ({ line, refused }) => {
    if (line !== "saved" || refused) notice.hidden = false;
  };
  setTimeout(() => {
    outbox.state.watch(show);
    show(outbox.state.get());
  }, CALM_MS);
}

/** @returns {Promise<boolean>} false also where the browser does not give what it keeps: the next page asks again */
async function isAnyKept() {
  try {
    return (await (await openStore(READER)).all()).length > 0;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return false;
  }
}
