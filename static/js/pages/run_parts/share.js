/**
 * What a reader takes away from the page: a link to what is shown, the picture, a step or a branch as Markdown. Nothing of it
 * leaves the browser by itself.
 * @module
 */

import { branchAsMarkdown, stepAsMarkdown } from "../../lib/markdown.js";
import { branchOf } from "../../lib/tree.js";
import { withStep } from "../../lib/url_state.js";
import { pngOf, svgOf } from "../../canvas/export.js";
import { given, place, showFailure } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const SAID_MS = 4000;

/**
 * @param {RunPage} page
 * @returns {import("./features.js").Keys}
 */
export function attach(page) {
  const link = () => copy(location.href, "Link copied");
  place("share-link").addEventListener("click", link);
  place("share-step").addEventListener("click", () => void take(page, () => copyStep(page)));
  place("share-branch").addEventListener("click", () => void take(page, () => copyBranch(page)));
  place("share-png").addEventListener("click", () => void take(page, () => savePng(page)));
  place("share-svg").addEventListener("click", () => void take(page, async () => saveSvg(page)));
  return { y: link };
}

/**
 * @param {RunPage} page
 * @param {() => Promise<void>} act
 */
async function take(page, act) {
  try {
    await act();
  } catch (error) {
    showFailure(error, () => void take(page, act));
  }
}

/** @param {RunPage} page */
async function copyStep(page) {
  const step = page.selected.get();
  const { steps } = page.details;
  await steps.loadSome([step]);
  const known = steps.known.get(step);
  if (known) await copy(stepAsMarkdown(known, about(page)), `Step ${step} copied as Markdown`);
}

/** @param {RunPage} page */
async function copyBranch(page) {
  const branch = branchOf(page.tree, page.leaf);
  const { steps } = page.details;
  await steps.loadBranch(branch);
  const known = branch.flatMap((step) => steps.known.get(step) ?? []);
  if (known.length) await copy(branchAsMarkdown(known, about(page)), `Branch of ${known.length} steps copied as Markdown`);
}

/** @param {RunPage} page */
function about(page) {
  return {
    run: name(page),
    problem: problemWritten(),
    link: (/** @type {number} */ step) => new URL(withStep(location.href, given.runPage, step), location.href).href,
    hidesScores: page.scoresHidden.get(),
  };
}

/** As it was written, also where its formulas are set. */
function problemWritten() {
  const statement = /** @type {HTMLElement | null} */ (document.querySelector(".run-statement"));
  return statement?.dataset.typeset || (statement?.textContent ?? "");
}

/** @param {RunPage} page */
function name(page) {
  return `Run ${page.tree.header.run}`;
}

/** @param {RunPage} page */
async function savePng(page) {
  save(await pngOf(page.canvas, caption(page)), `${file(page)}.png`);
}

/** @param {RunPage} page */
function saveSvg(page) {
  save(new Blob([svgOf(page.canvas, caption(page))], { type: "image/svg+xml" }), `${file(page)}.svg`);
}

/** What a picture has to say where the page around it is gone. @param {RunPage} page */
function caption(page) {
  const overlay = page.colours.shown();
  const cursor = page.cursor.get();
  return [name(page), `${page.tree.count} steps`, overlay ? `colour: ${overlay.legend(page.tree)}` : "not coloured", ...(cursor === null ? [] : [`as of event ${cursor}`])].join(" · ");
}

/** @param {RunPage} page */
function file(page) {
  const cursor = page.cursor.get();
  return `branchwise-run-${page.tree.header.run}${cursor === null ? "" : `-event-${cursor}`}`;
}

/** @param {Blob} blob @param {string} called */
function save(blob, called) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = called;
  link.click();
  // The browser has the address by now; the picture need not stay in memory.
  setTimeout(() => URL.revokeObjectURL(link.href), SAID_MS);
  say(`Saved as ${called}`);
}

/** @param {string} text @param {string} words */
async function copy(text, words) {
  try {
    await navigator.clipboard.writeText(text);
    say(words);
  } catch {
    // Browsers lend the clipboard to secure pages only; elsewhere the reader copies what is selected.
    const field = /** @type {HTMLTextAreaElement} */ (place("share-text"));
    field.value = text;
    /** @type {HTMLDialogElement} */ (place("share-dialog")).showModal();
    field.select();
  }
}

let saidUntil = 0;

/** @param {string} words */
function say(words) {
  const said = place("share-said");
  said.textContent = words;
  clearTimeout(saidUntil);
  saidUntil = setTimeout(() => (said.textContent = ""), SAID_MS);
}
