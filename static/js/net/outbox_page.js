/**
 * Tells an outbox what becomes of its page: that the line is back, that somebody has signed in beside it, that it closes. It sends
 * nothing itself.
 * @module
 */

/** @param {import("./outbox.js").Outbox} outbox */
export function attachPage(outbox) {
  const look = () => void (document.visibilityState === "visible" && outbox.isSignedOut && outbox.ask());
  new BroadcastChannel("session").onmessage = () => void (outbox.isSignedOut && outbox.ask());
  addEventListener("online", () => outbox.goOn());
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => outbox.leave());
  addEventListener("pageshow", ({ persisted }) => void (persisted && outbox.goOn()));
  addEventListener("beforeunload", (event) => {
    if (!outbox.entries.isKept && outbox.pending("").length) event.preventDefault();
  });
}
