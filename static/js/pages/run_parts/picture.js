/**
 * The picture follows the page's facts: what is filtered and folded, as of which event, what a search found, by what points
 * get their size. A step that is selected is brought into the picture whatever hides it. It keeps no fact of its own.
 * @module
 */

import { Minimap } from "../../canvas/minimap.js";
import { chosenAt } from "../../lib/as_it_stood.js";
import { count } from "../../lib/format.js";
import { isFiltered, prunedBy } from "../../lib/shown.js";
import { branchOf } from "../../lib/tree.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const MAP_KEY = "tree-map";

/** @param {RunPage} page @returns {import("./features.js").Keys} */
export function attach(page) {
  const { canvas, collapsed, selected, filter } = page;
  filter.watch(() => show(page));
  collapsed.watch(() => show(page));
  selected.watch((step) => reveal(page, step));
  page.cursor.watch(() => {
    if (isPrunedOtherwise(page)) show(page);
    showMoment(page);
    void showSizes(page);
  });
  page.matches.watch((matches) => canvas.setMatches(matches));
  page.candidates.watch((candidates) => canvas.setCandidates(candidates));
  page.sizing.watch(() => void showSizes(page));
  page.treeNow.watch(() => {
    sayShown(page);
    showMoment(page);
    void showSizes(page);
  });
  canvas.wordsOf = (step) => page.details.steps.known.get(step)?.text ?? "";
  const host = place("canvas");
  host.addEventListener("dblclick", (event) => {
    const { left, top } = host.getBoundingClientRect();
    toggle(page, canvas.stepAt(event.clientX - left, event.clientY - top));
  });
  attachMap(page);
  // What the address says may be set before or after this is attached.
  if (collapsed.get().size || filter.get().hidesPruned || filter.get().only !== "all") show(page);
  if (page.cursor.get() !== null) showMoment(page);
  void showSizes(page);
  const [fold, expand] = [() => toggle(page, selected.get()), () => collapsed.set(new Set())];
  place("show-all").addEventListener("click", () => {
    filter.set({ hidesPruned: false, only: "all" });
    expand();
  });
  place("fold-step").addEventListener("click", fold);
  place("expand-all").addEventListener("click", expand);
  return { e: fold, E: expand };
}

/** Whether somebody wants the map is kept in their browser. @param {RunPage} page */
function attachMap({ canvas }) {
  const map = new Minimap(canvas);
  const box = /** @type {HTMLInputElement} */ (place("map"));
  box.checked = localStorage.getItem(MAP_KEY) !== "off";
  map.want(box.checked);
  box.addEventListener("change", () => {
    localStorage.setItem(MAP_KEY, box.checked ? "on" : "off");
    map.want(box.checked);
  });
}

/** @param {RunPage} page */
function show(page) {
  const { canvas, filter, collapsed } = page;
  canvas.setShown({ filter: filter.get(), collapsed: collapsed.get(), besides: besides(page), seq: page.cursor.get() ?? Infinity });
  sayShown(page);
}

/** Whether pruned steps are hidden, and others are than in the picture: all is laid out anew then and not at every event. @param {RunPage} page */
function isPrunedOtherwise({ tree, canvas, filter, cursor }) {
  if (!filter.get().hidesPruned) return false;
  return prunedBy(tree, cursor.get() ?? Infinity) !== prunedBy(tree, canvas.subject?.wish.seq ?? Infinity);
}

/** The selected step where the filter hides it, else 0: it is shown although, so that panel and picture never part. @param {RunPage} page */
function besides({ tree, filter, selected, cursor }) {
  return isFiltered(tree, filter.get(), selected.get(), cursor.get() ?? Infinity) ? selected.get() : 0;
}

/** What is folded about a step unfolds for it. @param {RunPage} page @param {number} step */
function reveal(page, step) {
  const { tree, canvas, collapsed } = page;
  const folded = branchOf(tree, tree.parent[step]).filter((above) => collapsed.get().has(above));
  if (folded.length) collapsed.set(new Set([...collapsed.get()].filter((at) => !folded.includes(at))));
  else if (canvas.subject?.wish.besides !== besides(page)) show(page);
  canvas.select(step);
}

/** Folds what is below a step away, or back. @param {RunPage} page @param {number} step */
function toggle({ tree, collapsed }, step) {
  if (!step || !tree.firstChild[step]) return;
  const now = new Set(collapsed.get());
  if (!now.delete(step)) now.add(step);
  collapsed.set(now);
}

/** @param {RunPage} page */
function showMoment({ canvas, cursor, tree }) {
  const seq = cursor.get();
  canvas.setMoment({ seq, chosen: chosenAt(tree, seq) });
}

/**
 * Visits are fetched, and stand as they did at the cursor; tokens come with the tree.
 * @param {RunPage} page
 */
async function showSizes(page) {
  const { sizing, canvas, colours } = page;
  if (sizing.get() === "none") {
    if (canvas.subject?.sizes) canvas.sizeBy(null);
    return;
  }
  const { simulations } = colours.data;
  if (sizing.get() === "visits") await simulations.load();
  if (sizing.get() === "none") return;
  canvas.sizeBy(sizing.get() === "visits" ? simulations.at(page.tree, page.cursor.get()).visits : Float32Array.from(page.tree.tokens));
}

/** @param {RunPage} page */
function sayShown({ canvas, tree, filter }) {
  const { subject } = canvas;
  if (!subject) return;
  const isAll = subject.shown.count === tree.count;
  place("show-all").hidden = isAll;
  const besides = subject.wish.besides ? ` · step ${count(subject.wish.besides)} although the filter hides it` : "";
  const none = filter.get().only === "right" && subject.shown.count === 0 ? " · no branch has a right answer" : "";
  place("shown").textContent = isAll ? "" : `${count(subject.shown.count)} of ${count(tree.count)} steps shown${besides}${none}`;
}
