/**
 * The tokens of a step as a strip with entropy as heat; the values of one token at a time, by pointer or focus.
 * @module
 */

import { placeOnScale } from "../lib/colour.js";
import { decimal, plural, visibleSpace } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {import("../net/steps.js").Token} Token */

/** More spans than this slow the page down; the rest is counted, not shown. */
const MOST = 2000;
/** Beyond this a token was drawn almost blindly: the scale ends here, so that strips can be compared. */
const HIGH_NATS = 3;

/**
 * @param {Token[]} tokens at least one
 * @param {(place: number) => string} colourAt of the entropy scale, place 0 to 1
 * @returns {HTMLElement}
 */
export function tokenStrip(tokens, colourAt) {
  const value = element("p", "token-value mono");
  value.setAttribute("aria-live", "polite");
  const rest = tokens.length > MOST ? `, the first ${MOST} shown` : "";
  const idle = `${plural(tokens.length, "token")}${rest}; point at one or focus the strip and use the arrow keys.`;
  value.textContent = idle;
  const strip = element("div", "token-strip mono");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "Tokens, shaded by entropy");
  strip.dir = "auto";
  const spans = tokens.slice(0, MOST).map((token) => tokenSpan(token, colourAt));
  for (const span of spans) {
    strip.append(span);
    if (span.textContent?.endsWith("↵")) strip.append(element("br", ""));
  }
  if (spans[0]) spans[0].tabIndex = 0;
  /** @param {EventTarget | null} target */
  const show = (target) => {
    const at = target instanceof HTMLElement ? spans.indexOf(target) : -1;
    value.textContent = at < 0 ? idle : valueOf(tokens[at]);
  };
  strip.addEventListener("pointerover", (event) => show(event.target));
  strip.addEventListener("pointerleave", () => show(document.activeElement));
  strip.addEventListener("focusin", (event) => show(event.target));
  strip.addEventListener("focusout", () => show(null));
  strip.addEventListener("keydown", (event) => moveFocus(event, spans));
  return element("section", "tokens", element("h3", "", "Tokens"), heatLegend(), strip, value);
}

/**
 * @param {Token} token
 * @param {(place: number) => string} colourAt
 */
function tokenSpan(token, colourAt) {
  const span = element("span", "token", visibleSpace(token.text));
  span.tabIndex = -1;
  if (token.entropy === null) return span;
  const place = placeOnScale(token.entropy, { low: 0, middle: HIGH_NATS / 2, high: HIGH_NATS });
  span.style.setProperty("--heat", colourAt(place));
  span.style.setProperty("--heat-share", `${Math.round(place * 100)}%`);
  return span;
}

function heatLegend() {
  return element("p", "heat-legend small quiet", "entropy 0", element("span", "heat-scale"), `${HIGH_NATS} nats and more`);
}

/** @param {Token} token */
function valueOf(token) {
  const share = token.logprob === null ? "" : ` (p ${decimal(Math.exp(token.logprob), 3)})`;
  const parts = [`log-probability ${decimal(token.logprob, 3)}${share}`, `entropy ${decimal(token.entropy, 3)} nats`];
  return `“${visibleSpace(token.text)}” · ${parts.join(" · ")} · id ${token.id}`;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} spans
 */
function moveFocus(event, spans) {
  const at = spans.indexOf(/** @type {HTMLElement} */ (event.target));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: spans.length - 1 }[event.key];
  if (to === undefined || !spans[to]) return;
  event.preventDefault();
  spans[at].tabIndex = -1;
  spans[to].tabIndex = 0;
  spans[to].focus();
}
