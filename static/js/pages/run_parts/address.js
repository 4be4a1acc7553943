/**
 * The address of the tree page as what it says was set: every part of the page keeps its own parameter in it. It knows none
 * of them.
 * @module
 */

import { parameterOf, stepOf, withParameter, withStep } from "../../lib/url_state.js";
import { given } from "./places.js";

/** What the page was opened with; what is written later does not change it. */
const opened = location.href;

/** @returns {number} the step the page was opened at, 0 for none */
export function openedStep() {
  return stepOf(opened);
}

/**
 * @param {string} name
 * @returns {string | null} what the page was opened with under this name
 */
export function openedWith(name) {
  return parameterOf(opened, name);
}

/**
 * @param {number} last event that is known
 * @returns {number | null} the event the page was opened at, null for now: none, or none before the last
 */
export function openedMoment(last) {
  const asked = openedWith("at");
  return asked !== null && /^\d{1,9}$/.test(asked) && Number(asked) < last ? Number(asked) : null;
}

/** @param {number} step 0 for none */
export function keepStep(step) {
  history.replaceState(null, "", withStep(location.href, given.runPage, step));
}

/**
 * @param {string} name
 * @param {string | null} value null or empty where it is as on a page opened without
 */
export function keep(name, value) {
  history.replaceState(null, "", withParameter(location.href, name, value));
}
