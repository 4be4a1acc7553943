/**
 * The tokens of a step as a strip, shaded by entropy or by log-probability; the values of one token at a time, by pointer or
 * focus.
 * @module
 */

import { placeOnScale } from "../lib/colour.js";
import { count, decimal, plural, visibleSpace } from "../lib/format.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/steps.js").Token} Token */
/** @typedef {{name: string, of: (token: Token) => number | null, low: string, high: string, most: number}} Heat */

/** More spans than this slow the page down; the rest is counted, not shown. */
const MOST = 2000;
const KEPT = "token-heat";
/**
 * Beyond 3 nats of entropy a token was drawn almost blindly, and one of −6 nats was one in 400: the scales end there, so that
 * strips can be compared.
 * @type {Record<string, Heat>}
 */
const HEATS = {
  entropy: { name: "Entropy", of: (token) => token.entropy, low: "entropy 0", high: "3 nats and more", most: 3 },
  logprob: {
    name: "Log-probability",
    of: (token) => (token.logprob === null ? null : -token.logprob),
    low: "log-probability 0",
    high: "−6 nats and less",
    most: 6,
  },
};

/**
 * @param {Token[]} tokens at least one
 * @param {(place: number) => string} colourAt of the entropy scale, place 0 to 1
 * @returns {HTMLElement}
 */
export function tokenStrip(tokens, colourAt) {
  const value = element("p", "token-value mono");
  value.setAttribute("aria-live", "polite");
  const rest = tokens.length > MOST ? `, the first ${count(MOST)} shown` : "";
  const idle = `${plural(tokens.length, "token")}${rest}; point at one or focus the strip and use the arrow keys.`;
  value.textContent = idle;
  const strip = element("div", "token-strip mono");
  strip.setAttribute("role", "group");
  strip.dir = "auto";
  const spans = tokens.slice(0, MOST).map((token) => tokenSpan(token));
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
  const legend = element("p", "heat-legend small quiet");
  const choice = heatChoice((heat) => {
    strip.setAttribute("aria-label", `Tokens, shaded by ${heat.name.toLowerCase()}`);
    legend.replaceChildren(heat.low, element("span", "heat-scale"), heat.high);
    spans.forEach((span, at) => shade(span, heat.of(tokens[at]), heat.most, colourAt));
  });
  return element("section", "tokens", element("div", "tokens-head", element("h3", "", "Tokens"), choice), legend, strip, value);
}

/**
 * Two buttons of which one is pressed; what was pressed last is kept in this browser.
 * @param {(heat: Heat) => void} shown
 */
function heatChoice(shown) {
  /** @param {string} key */
  const choose = (key) => {
    for (const [other, made] of pairs) made.setAttribute("aria-pressed", String(other === key));
    localStorage.setItem(KEPT, key);
    shown(HEATS[key]);
  };
  const pairs = Object.entries(HEATS).map(([key, { name }]) => /** @type {const} */ ([key, button("button", () => choose(key), name)]));
  const group = element("div", "button-group", ...pairs.map(([, made]) => made));
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Shade tokens by");
  const kept = localStorage.getItem(KEPT) ?? "";
  choose(Object.hasOwn(HEATS, kept) ? kept : "entropy");
  return group;
}

/** @param {Token} token */
function tokenSpan(token) {
  const span = element("span", "token", visibleSpace(token.text));
  span.tabIndex = -1;
  return span;
}

/**
 * @param {HTMLElement} span
 * @param {number | null} value
 * @param {number} most
 * @param {(place: number) => string} colourAt
 */
function shade(span, value, most, colourAt) {
  const place = value === null ? 0 : placeOnScale(value, { low: 0, middle: most / 2, high: most });
  span.style.setProperty("--heat", value === null ? "transparent" : colourAt(place));
  span.style.setProperty("--heat-share", `${Math.round(place * 100)}%`);
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
