/**
 * The menu that says what of the tree is in the picture, and its part of the address: which branches, what is folded away, by
 * what points get their size. What follows from it is the picture's business.
 * @module
 */

import { parentsAt } from "../../lib/shown.js";
import { keep, openedWith } from "./address.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const BELOW = /^below-(\d{1,5})$/;
const NUMBERS = /^\d{1,9}(,\d{1,9})*$/;
/** More than these make a link that nobody can send. */
const NUMBERS_MOST = 60;

/** @param {RunPage} page @returns {import("./features.js").Keys} */
export function attach(page) {
  const view = new View(page);
  view.open();
  view.bind();
  return { p: () => view.hidePruned(!page.filter.get().hidesPruned) };
}

class View {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    /** The depth below which all was folded, as long as nothing else is. @type {{depth: number, collapsed: ReadonlySet<number>} | null} */
    this.below = null;
    this.only = /** @type {HTMLSelectElement} */ (place("only"));
    this.size = /** @type {HTMLSelectElement} */ (place("size"));
    this.pruned = /** @type {HTMLInputElement} */ (place("hide-pruned"));
  }

  /** As the address says. */
  open() {
    const { filter, sizing, collapsed, tree } = this.page;
    const [only, size] = [openedWith("only"), openedWith("size")];
    const hidesPruned = openedWith("hide") === "pruned";
    if (hidesPruned || only === "chosen" || only === "right") filter.set({ hidesPruned, only: only === "chosen" || only === "right" ? only : "all" });
    if (size === "visits" || size === "tokens") sizing.set(size);
    const folded = openedWith("collapsed") ?? "";
    const below = folded.match(BELOW);
    if (below) this.collapseBelow(Number(below[1]));
    else if (NUMBERS.test(folded)) collapsed.set(new Set(folded.split(",").map(Number).filter((step) => step > 0 && step <= tree.count)));
    this.show();
  }

  bind() {
    const { filter, sizing, collapsed } = this.page;
    for (const fact of [filter, sizing, collapsed]) fact.watch(() => this.show());
    this.pruned.addEventListener("change", () => this.hidePruned(this.pruned.checked));
    this.only.addEventListener("change", () => {
      filter.set({ ...filter.get(), only: /** @type {"all" | "chosen" | "right"} */ (this.only.value) });
    });
    this.size.addEventListener("change", () => sizing.set(/** @type {"none" | "visits" | "tokens"} */ (this.size.value)));
    place("collapse-below").addEventListener("submit", (event) => {
      event.preventDefault();
      this.collapseBelow(Number(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("depth")));
    });
  }

  /** @param {boolean} hidesPruned */
  hidePruned(hidesPruned) {
    const { filter } = this.page;
    filter.set({ ...filter.get(), hidesPruned });
  }

  /** @param {number} depth */
  collapseBelow(depth) {
    const collapsed = parentsAt(this.page.tree, depth);
    this.below = { depth, collapsed };
    this.page.collapsed.set(collapsed);
  }

  /** Menu and address say what is so, whoever made it so. */
  show() {
    const { filter, sizing } = this.page;
    const { hidesPruned, only } = filter.get();
    this.pruned.checked = hidesPruned;
    this.only.value = only;
    this.size.value = sizing.get();
    keep("hide", hidesPruned ? "pruned" : null);
    keep("only", only === "all" ? null : only);
    keep("size", sizing.get() === "none" ? null : sizing.get());
    keep("collapsed", this.folded());
  }

  /** @returns {string | null} */
  folded() {
    const collapsed = this.page.collapsed.get();
    if (!collapsed.size) return null;
    if (this.below?.collapsed === collapsed) return `below-${this.below.depth}`;
    return collapsed.size <= NUMBERS_MOST ? [...collapsed].sort((a, b) => a - b).join() : null;
  }
}
