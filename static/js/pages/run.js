/**
 * The tree page: fetches the tree, shows it or says that it is empty, and lets it grow while its run is played. What each
 * part does stands in its own module, in run_parts and elsewhere.
 * @module
 */

import { readColumns } from "../lib/columns.js";
import { treeOf } from "../lib/tree.js";
import { getColumns, getJson } from "../net/api.js";
import { Labels } from "../overlays/labels.js";
import { typesetAll } from "../panels/run_facts.js";
import { attachLater } from "./run_parts/features.js";
import { given, isOpen, place, root, showFailure } from "./run_parts/places.js";
import { RunPage } from "./run_parts/reader.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */

/** @type {RunPage | null} */
let page = null;

/**
 * @param {Tree} tree
 * @param {Labels} labels
 * @param {number[]} changed
 * @returns {number} ms that painting the last picture took
 */
function show(tree, labels, changed) {
  place("empty").hidden = tree.count > 0;
  root.classList.toggle("run-empty", tree.count === 0);
  if (!tree.count) return 0;
  if (page) {
    page.grow(tree, changed);
  } else {
    page = new RunPage(tree, labels, root.classList.contains("run-growing"));
    page.start();
    void attachLater(page).catch((error) => showFailure(error, () => location.reload()));
  }
  return page.canvas.paintedIn;
}

async function open() {
  place("failure").hidden = true;
  place("loading").hidden = false;
  try {
    const [body, known] = await Promise.all([getColumns(given.tree), getJson(given.labels)]);
    const { header, columns } = readColumns(body);
    const [tree, labels] = [treeOf(header, columns), new Labels(known)];
    root.classList.toggle("run-growing", isOpen(header.status));
    place("loading").hidden = true;
    show(tree, labels, []);
    if (root.classList.contains("run-growing")) await listen(tree, labels);
  } catch (error) {
    showFailure(error, () => void open());
  } finally {
    // What sets formulas is larger than all else together, and comes when the tree is there.
    typesetAll(document);
  }
}

/**
 * What listens is fetched for the trees that grow, and misses nothing by that: it asks for what came after the tree it is given.
 * @param {Tree} tree
 * @param {Labels} labels
 */
async function listen(tree, labels) {
  const { Growing } = await import("./run_parts/growing.js");
  new Growing(tree, (grown, changed) => show(grown, labels, changed), () => page?.end()).listen();
}

void open();
