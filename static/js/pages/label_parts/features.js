/**
 * What the labelling page can do besides verdicts, one module each: it exports attach(page), which answers with the keys it acts
 * on. Features do not import one another: they meet in the page's atoms.
 * @module
 */

import * as alternatives from "./alternatives.js";
import * as choosing from "./choosing.js";
import * as critique from "./critique.js";
import * as critiques from "./critiques.js";
import * as guideline from "./guideline.js";
import * as leaving from "./leaving.js";
import * as ownStep from "./own_step.js";
import * as skipping from "./skipping.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */

const FEATURES = [alternatives, choosing, critique, critiques, guideline, leaving, ownStep, skipping];

/** @param {LabelPage} page @returns {Record<string, () => void>} what they do by key, as shipped */
export function attachFeatures(page) {
  return Object.assign({}, ...FEATURES.map((feature) => feature.attach(page)));
}
