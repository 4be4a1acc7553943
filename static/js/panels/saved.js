/**
 * The chip that says whether all the reader said is saved; pressed, it shows what is not. It sends nothing by itself.
 * @module
 */

import { savedWords } from "../lib/outbox_words.js";
import { button, element } from "./element.js";
import { showList } from "./waiting.js";

/** @typedef {import("../net/outbox.js").Outbox} Outbox */
/** @typedef {import("../net/outbox.js").OutboxState} OutboxState */

/**
 * Puts the chip where the page has room for it. The list of what waits comes with it, as it is asked for where nothing can be fetched;
 * the way to sign in again comes when a server has asked for it.
 * @param {HTMLElement} host
 * @param {Outbox} outbox
 */
export function attachSaved(host, outbox) {
  const glyph = element("span", "saved-glyph");
  glyph.setAttribute("aria-hidden", "true");
  const words = element("span", "saved-words");
  const chip = button("button button-quiet saved", () => showList(outbox), glyph, words);
  chip.dataset.part = "saved";
  const spoken = element("span", "sr-only");
  spoken.setAttribute("role", "status");

  /** @param {OutboxState} state */
  const show = (state) => {
    const said = savedWords(state);
    chip.dataset.kind = said.kind;
    glyph.textContent = said.glyph;
    words.textContent = said.words;
    chip.title = state.message || "What is not saved yet";
    // Every verdict is saving for a moment; who listens hears of it only when it stays so, and of no count: it grows with each verdict.
    const heard = savedWords({ ...state, waiting: 0 }).words;
    if (said.kind !== "quiet" && spoken.textContent !== heard) spoken.textContent = heard;
    if (state.line === "signed-out" || state.line === "somebody-else") void import("./sign_in_again.js").then(({ askToSignIn }) => askToSignIn(outbox));
  };
  outbox.state.watch(show);
  show(outbox.state.get());
  outbox.onRefused((entry, { status }) => {
    if (status === 412 && outbox.isOwn(entry)) showList(outbox);
  });
  host.replaceChildren(chip, spoken);
}
