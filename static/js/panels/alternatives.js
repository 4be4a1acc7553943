/**
 * What else the model might have written in the place of a token, beside the token while it is pointed at or focused. Tokens
 * whose alternatives were not stored have none.
 * @module
 */

import { decimal, visibleSpace } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {import("../net/steps.js").Token} Token */
/** @typedef {{text: string, share: number, isDrawn: boolean}} Rival share: its probability */

/** Time for a pointer to reach what opened, before it closes. */
const LEAVE_MS = 200;
const GAP = 4;

export class Alternatives {
  /** @param {HTMLElement} strip */
  constructor(strip) {
    this.strip = strip;
    this.host = element("div", "token-alternatives");
    this.host.popover = "manual";
    // What it says is said in the line below the strip too, where screen readers hear it.
    this.host.setAttribute("aria-hidden", "true");
    this.leaving = 0;
    this.host.addEventListener("pointerenter", () => clearTimeout(this.leaving));
    this.host.addEventListener("pointerleave", () => this.leave());
  }

  /** @param {Token} token @param {HTMLElement} span */
  show(token, span) {
    const rivals = rivalsOf(token);
    if (!rivals.length || !this.host.isConnected) {
      this.hide();
      return;
    }
    clearTimeout(this.leaving);
    const most = Math.max(...rivals.map(({ share }) => share));
    this.host.replaceChildren(...rivals.map((rival) => lineOf(rival, most)));
    this.host.showPopover();
    this.place(span.getBoundingClientRect());
  }

  /** Below the token, or above it where there is no room. @param {DOMRect} token */
  place(token) {
    const { width, height } = this.host.getBoundingClientRect();
    const below = token.bottom + GAP + height <= innerHeight;
    this.host.style.left = `${Math.max(GAP, Math.min(token.left, innerWidth - width - GAP))}px`;
    this.host.style.top = `${below ? token.bottom + GAP : Math.max(GAP, token.top - GAP - height)}px`;
  }

  leave() {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.hide(), LEAVE_MS);
  }

  hide() {
    clearTimeout(this.leaving);
    if (this.host.isConnected) this.host.hidePopover();
  }
}

/**
 * @param {Token} token
 * @returns {Rival[]} likeliest first, the drawn one among them; none where nothing was stored
 */
function rivalsOf({ text, logprob, alternatives }) {
  if (!alternatives?.length) return [];
  const rivals = alternatives.map((other) => ({ text: other.text, share: Math.exp(other.logprob), isDrawn: other.text === text }));
  if (rivals.some(({ isDrawn }) => isDrawn) || logprob === null) return rivals;
  return [...rivals, { text, share: Math.exp(logprob), isDrawn: true }].sort((a, b) => b.share - a.share);
}

/** @param {Rival} rival @param {number} most */
function lineOf({ text, share, isDrawn }, most) {
  const bar = element("span", "alternative-bar");
  bar.style.inlineSize = `${Math.round((100 * share) / most)}%`;
  const word = element("bdi", "mono", visibleSpace(text));
  const line = element("p", "alternative", element("span", "alternative-drawn", isDrawn ? "▸" : ""), word, element("span", "number", decimal(share, 3)), element("span", "alternative-share", bar));
  if (isDrawn) line.classList.add("alternative-is-drawn");
  return line;
}

/** @param {Token} token @returns {string} the same for those who listen */
export function otherWords(token) {
  const rivals = rivalsOf(token);
  if (!rivals.length) return "";
  const said = rivals.map(({ text, share, isDrawn }) => `“${visibleSpace(text)}” ${decimal(share, 3)}${isDrawn ? ", drawn" : ""}`);
  return ` The likeliest here: ${said.join("; ")}.`;
}
