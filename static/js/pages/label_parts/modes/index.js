/**
 * The list of modes, one import line each.
 * @module
 */

import { everyStep } from "./every_step.js";
import { firstError } from "./first_error.js";
import { phaseOne } from "./phase_one.js";
import { phaseTwo } from "./phase_two.js";

/** @typedef {import("../../../lib/rows_to_judge.js").Mode} Mode */

/** @type {Mode[]} */
const MODES = [everyStep, firstError, phaseOne, phaseTwo];

/**
 * @param {string} key as a queue says it
 * @returns {Mode}
 */
export function modeOf(key) {
  const found = MODES.find((mode) => mode.key === key);
  if (!found) throw new Error(`Expected a mode of ${MODES.map((mode) => mode.key).join(", ")}; found ${key}. Reload the page.`);
  return found;
}
