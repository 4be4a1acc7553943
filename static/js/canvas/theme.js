/**
 * Reads the colours the canvas paints with from CSS custom properties, so that dark mode and print need no code of their own.
 * @module
 */

import { bucketColours, parseColour } from "../lib/colour.js";
import { KIND_SCALES } from "../lib/kinds.js";

/**
 * @typedef {object} Theme
 * @property {Record<string, string[]>} scales a colour a bucket: score and entropy, and those of kinds a colour a kind
 * @property {Record<"paper" | "ink" | "quiet" | "plain" | "outline" | "edge" | "chosen" | "right" | "accent" | "match", string>} colours
 * @property {Record<import("../lib/format.js").Verdict, string>} verdicts
 * @property {string} font
 * @property {string} glyphFont
 */

const STOPS = [0, 1, 2, 3, 4];

/**
 * @param {HTMLElement} host an element the custom properties reach
 * @returns {Theme}
 */
export function readTheme(host) {
  const probe = document.createElement("span");
  host.append(probe);
  /** @param {string} token */
  const colour = (token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  /** @param {string} name */
  const scale = (name) => bucketColours(STOPS.map((stop) => parseColour(colour(`${name}-${stop}`))));
  const kinds = Object.entries(KIND_SCALES).map(([name, list]) => [name, list.map(({ token }) => colour(token))]);
  const style = getComputedStyle(host);
  const theme = {
    scales: { score: scale("score"), entropy: scale("entropy"), ...Object.fromEntries(kinds) },
    colours: {
      paper: colour("paper"),
      ink: colour("ink"),
      quiet: colour("ink-2"),
      plain: colour("step-plain"),
      outline: colour("line-strong"),
      edge: colour("edge"),
      chosen: colour("edge-chosen"),
      right: colour("ring-right"),
      accent: colour("accent"),
      match: colour("match"),
    },
    verdicts: {
      bad: colour("verdict-bad"),
      neutral: colour("verdict-neutral"),
      good: colour("verdict-good"),
      unsure: colour("verdict-unsure"),
    },
    font: `${style.getPropertyValue("--size-1")} ${style.getPropertyValue("--mono")}`,
    glyphFont: `700 ${style.getPropertyValue("--size-2")} ${style.getPropertyValue("--mono")}`,
  };
  probe.remove();
  return theme;
}

/** @param {() => void} changed called whenever the colours may have changed */
export function watchTheme(changed) {
  document.documentElement.addEventListener("theme-changed", changed);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  matchMedia("print").addEventListener("change", changed);
}
