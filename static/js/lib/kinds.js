/**
 * What steps are sorted by that is no number: whether an answer is right, what people said of it, where it came from. Each
 * kind has a glyph and a word besides its colour. It sorts nothing itself.
 * @module
 */

import { VERDICTS } from "./format.js";

/** @typedef {{name: string, glyph: string, token: string}} Kind token: name of the custom property that colours it */

/** @type {readonly Kind[]} */
export const CORRECTNESS = [
  { name: "right answer", glyph: "✓", token: "state-done" },
  { name: "wrong answer", glyph: "✕", token: "state-failed" },
  { name: "answer not known to be either", glyph: "–", token: "state-waiting" },
];

/** In the order of VERDICTS. @type {readonly Kind[]} */
export const LABELS = Object.entries(VERDICTS).map(([verdict, { name, glyph }]) => ({
  name: name.toLowerCase(),
  glyph,
  token: `verdict-${verdict}`,
}));

/** In the order in which a tree's flags count them (apps/trees/selectors.py). @type {readonly Kind[]} */
export const ORIGINS = [
  { name: "generated", glyph: "G", token: "origin-0" },
  { name: "forced", glyph: "F", token: "origin-1" },
  { name: "proposed", glyph: "P", token: "origin-2" },
  { name: "edited", glyph: "E", token: "origin-3" },
  { name: "inherited", glyph: "I", token: "origin-4" },
  { name: "imported", glyph: "M", token: "origin-5" },
];

/** The scales of kinds by their names, as themes hold them. @type {Record<string, readonly Kind[]>} */
export const KIND_SCALES = { correctness: CORRECTNESS, label: LABELS, origin: ORIGINS };
