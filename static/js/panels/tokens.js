/**
 * The tokens of a step as a strip, shaded by entropy or by log-probability, two thousand at a time; the values of one token and
 * what else the model might have written there, by pointer or focus.
 * @module
 */

import { placeOnScale } from "../lib/colour.js";
import { count, decimal, plural, visibleSpace } from "../lib/format.js";
import { Alternatives, otherWords } from "./alternatives.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/steps.js").Token} Token */
/** @typedef {{name: string, of: (token: Token) => number | null, low: string, high: string, most: number}} Heat */

/** More spans than this slow the page down, so the rest is on pages of its own. */
const PAGE = 2000;
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
  off: { name: "Off", of: () => null, low: "", high: "", most: 1 },
};

/**
 * @param {Token[]} tokens at least one
 * @param {(place: number) => string} colourAt of the entropy scale, place 0 to 1
 * @param {(letter: number) => boolean} isHidden whether what stands there in the text is hidden
 * @returns {HTMLElement}
 */
export function tokenStrip(tokens, colourAt, isHidden) {
  let letter = 0;
  const shown = tokens.filter((token) => {
    const from = letter;
    letter += token.text.length;
    return !isHidden(from);
  });
  const strip = new Strip(shown, colourAt, idleWords(tokens.length, shown.length));
  return element("section", "tokens", ...strip.parts);
}

/** @param {number} all @param {number} shown */
function idleWords(all, shown) {
  const hidden = all > shown ? `; ${plural(all - shown, "token")} of reasoning hidden` : "";
  return `${plural(all, "token")}${hidden}; point at one or focus the strip and use the arrow keys.`;
}

class Strip {
  /**
   * @param {Token[]} tokens
   * @param {(place: number) => string} colourAt
   * @param {string} idle what is said while none is pointed at
   */
  constructor(tokens, colourAt, idle) {
    this.tokens = tokens;
    this.colourAt = colourAt;
    this.idle = idle;
    this.from = 0;
    this.heat = HEATS.entropy;
    /** @type {HTMLElement[]} */
    this.spans = [];
    this.value = element("p", "token-value mono", idle);
    this.value.setAttribute("aria-live", "polite");
    this.strip = element("div", "token-strip mono");
    this.strip.setAttribute("role", "group");
    this.strip.dir = "auto";
    this.legend = element("p", "heat-legend small quiet");
    this.alternatives = new Alternatives(this.strip);
    const choice = heatChoice((heat) => this.shadeBy(heat));
    this.pager = element("div", "token-pager small");
    this.pager.hidden = tokens.length <= PAGE;
    this.show(0);
    this.listen();
    this.parts = [element("div", "tokens-head", element("h3", "", "Tokens"), choice), this.legend, this.pager, this.strip, this.value, this.alternatives.host];
  }

  listen() {
    const { strip } = this;
    strip.addEventListener("pointerover", (event) => this.point(event.target));
    strip.addEventListener("pointerleave", () => this.point(document.activeElement));
    strip.addEventListener("focusin", (event) => this.point(event.target));
    strip.addEventListener("focusout", () => this.point(null));
    strip.addEventListener("scroll", () => this.alternatives.hide(), { passive: true });
    strip.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.alternatives.hide();
      else moveFocus(event, this.spans);
    });
  }

  /** @param {number} from the first token of the page */
  show(from) {
    this.from = from;
    this.spans = this.tokens.slice(from, from + PAGE).map((token) => tokenSpan(token));
    const pieces = this.spans.flatMap((span) => (span.textContent?.endsWith("↵") ? [span, element("br", "")] : [span]));
    this.strip.replaceChildren(...pieces);
    this.strip.scrollTop = 0;
    if (this.spans[0]) this.spans[0].tabIndex = 0;
    this.shadeBy(this.heat);
    this.showPager();
  }

  showPager() {
    const { from, tokens } = this;
    const end = Math.min(from + PAGE, tokens.length);
    const before = button("button", () => this.turn(from - PAGE), `Previous ${count(PAGE)}`);
    const next = button("button", () => this.turn(end), `Next ${count(Math.min(PAGE, tokens.length - end) || PAGE)}`);
    before.disabled = from === 0;
    next.disabled = end === tokens.length;
    this.pager.replaceChildren(before, element("span", "", `${count(from + 1)} to ${count(end)} of ${count(tokens.length)}`), next);
  }

  /** @param {number} to the first token of the other page */
  turn(to) {
    this.show(to);
    this.spans[0]?.focus({ preventScroll: true });
  }

  /** @param {EventTarget | null} target */
  point(target) {
    const at = target instanceof HTMLElement ? this.spans.indexOf(target) : -1;
    const token = this.tokens[this.from + at];
    if (at < 0 || !token) {
      this.value.textContent = this.idle;
      this.alternatives.leave();
      return;
    }
    this.value.replaceChildren(valueOf(token), element("span", "sr-only", otherWords(token)));
    this.alternatives.show(token, this.spans[at]);
  }

  /** @param {Heat} heat */
  shadeBy(heat) {
    this.heat = heat;
    const isOff = heat === HEATS.off;
    this.strip.setAttribute("aria-label", isOff ? "Tokens" : `Tokens, shaded by ${heat.name.toLowerCase()}`);
    this.legend.replaceChildren(...(isOff ? ["not shaded"] : [heat.low, element("span", "heat-scale"), heat.high]));
    this.spans.forEach((span, at) => shade(span, heat.of(this.tokens[this.from + at]), heat.most, this.colourAt));
  }
}

/**
 * Buttons of which one is pressed; what was pressed last is kept in this browser.
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
  const span = element("span", token.alternatives?.length ? "token token-open" : "token", visibleSpace(token.text));
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
