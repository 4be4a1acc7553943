/**
 * The page of two branches side by side: opens both sides and puts keys and buttons to what can be done. What each part does
 * stands in beside_parts and in the panels.
 * @module
 */

import { attachKeys } from "../canvas/keyboard.js";
import { typesetAll } from "../panels/run_facts.js";
import { Comparison } from "./beside_parts/comparison.js";
import { place } from "./beside_parts/places.js";

/** As the tree page keeps it, so that who hides scores has them hidden on both. */
const HIDDEN_KEY = "hide-scores";

const comparison = new Comparison((error) => showFailure(error, () => comparison.refresh()));

/** @param {boolean} hidden */
function hideScores(hidden) {
  localStorage.setItem(HIDDEN_KEY, hidden ? "1" : "0");
  place("beside").classList.toggle("scores-hidden", hidden);
  place("hide-scores").setAttribute("aria-pressed", String(hidden));
  comparison.hideScores(hidden);
}

const areHidden = () => localStorage.getItem(HIDDEN_KEY) === "1";

/** @type {Record<string, () => void>} */
const actions = {
  j: () => comparison.rows.move(1),
  k: () => comparison.rows.move(-1),
  d: () => comparison.rows.first(),
  X: () => location.assign(comparison.swapped()),
  s: () => hideScores(!areHidden()),
};

/** @param {unknown} error @param {() => void} again */
function showFailure(error, again) {
  place("loading").hidden = true;
  place("failure").hidden = false;
  place("failure-words").textContent = error instanceof Error ? error.message : String(error);
  place("failure-again").onclick = again;
}

async function open() {
  place("failure").hidden = true;
  try {
    await comparison.open();
  } catch (error) {
    showFailure(error, () => void open());
  }
}

attachKeys(actions);
for (const [part, key] of [["first", "d"], ["swap", "X"], ["hide-scores", "s"]]) place(part).addEventListener("click", actions[key]);
place("show-keys").addEventListener("click", () => /** @type {HTMLDialogElement} */ (place("keys")).showModal());
typesetAll(document);
hideScores(areHidden());
void open();
