/**
 * The numbers along the branch that is shown: what colours the steps where those are numbers, else the playing scorer's, and
 * entropy; as they stood at the time cursor. Fetches nothing.
 * @module
 */

import { chosenAt, hasHappened } from "../../lib/as_it_stood.js";
import { siblingsBand } from "../../lib/plot.js";
import { branchOf } from "../../lib/tree.js";
import { entropy } from "../../overlays/entropy.js";
import { BranchPlot } from "../../panels/plot.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("../../overlays/index.js").Overlay} Overlay */

const KEPT = "plot-folded";
/** On narrow windows the picture needs the height; the same width as in the style sheets. */
const NARROW = "(max-width: 899px)";

/** @param {RunPage} page */
export function attach(page) {
  const host = /** @type {HTMLDetailsElement} */ (place("plot"));
  const plot = new BranchPlot(place("plot-body"), page.choose);
  const kept = localStorage.getItem(KEPT);
  host.open = kept === null ? !matchMedia(NARROW).matches : kept !== "1";
  // A page that folds it by itself keeps nothing; only who folds it does.
  host.querySelector("summary")?.addEventListener("click", () => localStorage.setItem(KEPT, host.open ? "1" : "0"));
  let frame = 0;
  const draw = () => {
    frame = 0;
    const branch = branchOf(page.tree, page.leaf);
    const series = seriesOf(page, branch);
    host.hidden = series.length === 0 || branch.length < 2;
    if (host.hidden || !host.open) return;
    const cursor = page.cursor.get();
    const { pruned } = page.tree;
    plot.show({
      branch,
      selected: page.selected.get(),
      series,
      isPruned: (step) => hasHappened(pruned[step] || null, cursor),
      chosen: chosenAt(page.tree, cursor),
    });
  };
  const ask = () => {
    frame ||= requestAnimationFrame(draw);
  };
  for (const fact of [page.selected, page.treeNow, page.overlay, page.cursor, page.scoresHidden, page.colours.fetched]) fact.watch(ask);
  host.addEventListener("toggle", ask);
  ask();
}

/** @param {RunPage} page @param {readonly number[]} branch */
function seriesOf(page, branch) {
  const { tree } = page;
  const cursor = page.cursor.get();
  return overlaysOf(page).flatMap((overlay) => {
    const values = overlay.values(tree, cursor);
    const along = Float32Array.from(branch, (step) => (hasHappened(tree.born[step], cursor) ? values[step] : NaN));
    if (along.every((value) => Number.isNaN(value))) return [];
    const { low, high } = overlay.domain(tree);
    return [{ name: nameOf(overlay), values: along, band: siblingsBand(tree, branch, values, cursor), scale: { low, high }, format: overlay.format }];
  });
}

/** @param {RunPage} page @returns {Overlay[]} */
function overlaysOf({ tree, overlay, colours, scoresHidden }) {
  const chosen = overlay.get();
  const first = chosen && !chosen.kinds && chosen.key !== entropy.key ? chosen : colours.overlays.played(tree.header.scorer);
  return [first, entropy].filter(({ showsScores }) => !(showsScores && scoresHidden.get()));
}

/** @param {Overlay} overlay */
function nameOf({ key, name }) {
  return key === "score" ? name.replace(", played with", "") : name;
}
