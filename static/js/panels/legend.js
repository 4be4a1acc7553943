/**
 * Says what the colours and shapes of the canvas mean, and whose numbers they show.
 * @module
 */

import { wordsOfScale } from "../lib/domains.js";
import { button, element } from "./element.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../overlays/index.js").Overlay} Overlay */
/**
 * @typedef {object} State
 * @property {boolean} isHidden whether the reader hid what would be shown
 * @property {boolean} isLoading whether the numbers are on their way
 * @property {string | null} failure why they did not come
 * @property {() => void} again asks for them anew
 * @property {() => void} swap changes the colours of scores
 */

/**
 * @param {HTMLElement} host
 * @param {Tree} tree
 * @param {Overlay | null} overlay
 * @param {State} state
 */
export function showLegend(host, tree, overlay, state) {
  // What somebody may hold with a pointer or the focus stays, unless it says something else.
  const made = element("div", "", ...content(tree, overlay, state));
  const says = `${made.textContent}${overlay?.scale(tree)}`;
  if (host.dataset.says === says) return;
  host.dataset.says = says;
  const held = host.contains(document.activeElement) ? document.activeElement?.className : null;
  host.replaceChildren(...made.childNodes);
  const again = held ? host.querySelector("button") : null;
  again?.focus({ preventScroll: true });
}

/**
 * @param {Tree} tree
 * @param {Overlay | null} overlay
 * @param {State} state
 * @returns {Node[]}
 */
function content(tree, overlay, { isHidden, isLoading, failure, again, swap }) {
  if (!overlay) {
    const words = isHidden ? "Scores are hidden, and the labels you give say so." : "Not coloured.";
    return [element("p", "", words), shapes()];
  }
  const whose = element("p", "", overlay.legend(tree));
  if (failure) {
    const words = element("p", "legend-failure", `! not fetched: ${failure} `, button("button", again, "Try again"));
    words.setAttribute("role", "alert");
    return [whose, words];
  }
  if (isLoading) return [whose, element("p", "legend-loading", "Fetching …"), shapes()];
  if (overlay.kinds) return [whose, kindSigns(overlay), shapes()];
  const swaps = overlay.scale(tree) === "score" ? [swapButton(swap)] : [];
  return [whose, scale(tree, overlay), ...swaps, shapes()];
}

/** @param {Tree} tree @param {Overlay} overlay */
function scale(tree, overlay) {
  const words = wordsOfScale(overlay.domain(tree), overlay.format);
  const [least, centre, most] = words.map((word) => element("span", "mono", word));
  /** @param {string} half */
  const colours = (half) => element("span", `legend-half legend-${overlay.scale(tree)}-${half}`);
  return element("span", "legend-scale", least, colours("low"), centre, colours("high"), most);
}

/** @param {Overlay} overlay with kinds: each with its glyph, its colour and its word */
function kindSigns({ kinds = [], without }) {
  const none = without ? [{ name: without, glyph: "", token: "step-plain" }] : [];
  const signs = [...kinds, ...none].map(({ name, glyph, token }) => {
    const swatch = element("span", "legend-kind");
    swatch.style.background = `var(--${token})`;
    return element("span", "legend-sign", swatch, element("span", "mono", glyph), name);
  });
  return element("p", "legend-kinds", ...signs);
}

/** @param {() => void} swap */
function swapButton(swap) {
  const made = button("legend-swap", swap, "⇄");
  made.title = "Red and blue, or orange and purple";
  made.setAttribute("aria-label", "Other colours for scores: red and blue, or orange and purple");
  return made;
}

function shapes() {
  return element(
    "p",
    "legend-shapes",
    sign("legend-chosen", "chosen"),
    sign("legend-right", "right answer"),
    sign("legend-pruned", "pruned"),
  );
}

/**
 * @param {string} className
 * @param {string} words
 */
function sign(className, words) {
  return element("span", "legend-sign", element("span", className), words);
}
