/**
 * Says in its element how fresh the live place around it is, and keeps answers out of it that are not that place: an error
 * page, or the one to sign in on, must not take the place of what was last seen. Asks for nothing but another attempt.
 * @module
 */

import { freshness } from "../lib/freshness.js";

const AGAIN_MS = 5_000;

/** @param {HTMLElement} note */
export function attach(note) {
  const place = /** @type {HTMLElement} */ (note.closest("[data-socket]"));
  let seenAt = Date.now();
  let isFailing = false;
  let isGone = false;
  let again = 0;

  const tick = () => {
    const line = place.dataset.live ?? "";
    const isOnline = navigator.onLine;
    if (line === "live" && isOnline && !isFailing && !isGone) seenAt = Date.now();
    const { kind, glyph, words } = freshness({ line, isOnline, age: (Date.now() - seenAt) / 1000, isFailing, isGone });
    if (note.dataset.kind !== kind) note.dataset.kind = kind;
    if (note.dataset.glyph !== glyph) note.dataset.glyph = glyph;
    if (note.textContent !== words) note.textContent = words;
    if (!note.isConnected) stop.abort();
  };
  const fail = () => {
    clearTimeout(again);
    again = setTimeout(() => place.dispatchEvent(new CustomEvent("live")), AGAIN_MS);
    isFailing = true;
  };
  /** @param {Event} event */
  const answered = (event) => {
    const { ctx } = /** @type {CustomEvent} */ (event).detail;
    if (ctx.sourceElement !== place) return;
    const isThisPage = ctx.text.includes(`id="${place.id}"`);
    isFailing = false;
    if (isThisPage) {
      isGone = false;
      seenAt = Date.now();
    } else {
      event.preventDefault();
      if (ctx.response.status >= 500) fail();
      else isGone = true;
    }
    tick();
  };

  const stop = new AbortController();
  const ticking = setInterval(tick, 1_000);
  stop.signal.addEventListener("abort", () => {
    clearInterval(ticking);
    clearTimeout(again);
  });
  place.addEventListener("htmx:after:request", answered, { signal: stop.signal });
  place.addEventListener("htmx:error", fail, { signal: stop.signal });
  addEventListener("offline", tick, { signal: stop.signal });
  addEventListener("online", tick, { signal: stop.signal });
  tick();
}
