/**
 * The page of a tree that has steps: selection, branch, colours, labels, and what becomes of them as the tree grows. Where
 * the tree comes from is not its business.
 * @module
 */

import { watchTheme } from "../../canvas/theme.js";
import { TreeCanvas } from "../../canvas/tree_canvas.js";
import { atom } from "../../lib/atom.js";
import { BUCKETS } from "../../lib/colour.js";
import { count } from "../../lib/format.js";
import { tipOf } from "../../lib/tip.js";
import { branchOf, childrenOf, leafThrough } from "../../lib/tree.js";
import { RunEvents } from "../../net/events.js";
import { BranchPanel } from "../../panels/branch.js";
import { LabelPanel } from "../../panels/label.js";
import { Reading } from "../../panels/reading.js";
import { StepPanel } from "../../panels/step.js";
import { attachActions } from "./actions.js";
import { keepStep, openedMoment, openedStep } from "./address.js";
import { Details } from "./details.js";
import { FEATURES } from "./features.js";
import { Colours } from "./overlays.js";
import { given, place, root } from "./places.js";

/** @typedef {import("../../lib/tree.js").Tree} Tree */
/** @typedef {import("../../overlays/index.js").Overlay} Overlay */
/** @typedef {import("../../overlays/labels.js").Labels} Labels */
/** @typedef {{hidesPruned: boolean, only: "all" | "chosen" | "right"}} Filter */

const HIDDEN_KEY = "hide-scores";

export class RunPage {
  /**
   * @param {Tree} tree with at least one step
   * @param {Labels} labels
   * @param {boolean} isGrowing whether the run is still to be played on
   */
  constructor(tree, labels, isGrowing) {
    /** The tree as it is known; watched by whoever keeps something that follows from it. */
    this.treeNow = atom("tree", tree);
    this.labels = labels;
    this.leaf = 0;
    /** @type {import("../../lib/atom.js").Atom<number>} */
    this.selected = atom("selected step", 0);
    this.overlay = atom("overlay", /** @type {Overlay | null} */ (null));
    this.scoresHidden = atom("scores hidden", localStorage.getItem(HIDDEN_KEY) === "1");
    /** The event up to which the tree is shown, null for all that is known: how it stood then. */
    this.cursor = atom("time cursor", openedMoment(tree.header.seq));
    this.following = atom("following", isGrowing && !openedStep() && this.cursor.get() === null);
    /** Which steps are in the picture at all. */
    this.filter = atom("filter", /** @type {Filter} */ ({ hidesPruned: false, only: "all" }));
    /** Steps whose descendants are folded away. */
    this.collapsed = atom("collapsed", /** @type {ReadonlySet<number>} */ (new Set()));
    /** What gives the points their size: nothing, visits or tokens. */
    this.sizing = atom("size", /** @type {"none" | "visits" | "tokens"} */ ("none"));
    /** Steps that a search found, in order of number; null where none is made. */
    this.matches = atom("matches", /** @type {Uint32Array | null} */ (null));
    /** Steps between which the decision at the time cursor was made. */
    this.candidates = atom("candidates", /** @type {readonly number[]} */ ([]));
    this.canvas = new TreeCanvas(place("canvas"));
    this.reading = new Reading((step) => this.details.steps.known.get(step));
    this.branch = new BranchPanel(place("branch"), this.choose, (swatch, step) => this.colours.paintSwatch(swatch, step), this.reading);
    this.step = new StepPanel(place("step"), this.choose, (at) => this.heat(at), (step) => this.details.steps.history(step), settlingOf);
    this.label = root.dataset.mayLabel ? this.labelPanel() : null;
    this.details = new Details(this);
    this.events = new RunEvents(given.events);
    this.colours = new Colours(this);
    // After the canvas, which reads the new theme: swatches and token heat take their colours from it.
    watchTheme(() => this.showScores());
  }

  get tree() {
    return this.treeNow.get();
  }

  labelPanel() {
    return new LabelPanel(place("label"), {
      path: given.steps,
      labels: this.labels,
      selected: this.selected.get,
      scoresInView: () => !this.scoresHidden.get() && this.tree.header.scorer !== null,
      select: this.choose,
      moveOn: () => this.move(1),
      changed: () => this.showLabels(),
    });
  }

  start() {
    this.canvas.show(this.tree);
    this.canvas.labels = this.labels;
    this.sayCount();
    this.bind();
    this.colours.start();
    this.details.followCursor();
    this.showScores();
    // Without a step in the address the whole tree stays in view, with the likeliest branch beside it to read from the top.
    const step = openedStep();
    const isKnown = step > 0 && step <= this.tree.count;
    const first = branchOf(this.tree, leafThrough(this.tree, 0))[0] ?? 0;
    if (this.following.get()) this.follow();
    else this.selected.set(isKnown ? step : first);
    this.selected.watch(() => this.writeAddress());
    this.overlay.watch(() => this.writeAddress());
  }

  bind() {
    this.selected.watch((step) => this.showStep(step));
    this.overlay.watch(() => this.showScores());
    this.scoresHidden.watch((hidden) => {
      localStorage.setItem(HIDDEN_KEY, hidden ? "1" : "0");
      this.showScores();
    });
    this.following.watch((following) => {
      this.showFollowing();
      if (following) this.follow();
    });
    attachActions(this, Object.assign({}, ...FEATURES.map((attach) => attach(this) ?? {})));
    this.showFollowing();
  }

  /**
   * The same tree, grown. Nothing the reader has set moves, unless they follow.
   * @param {Tree} tree
   * @param {number[]} changed
   */
  grow(tree, changed) {
    this.canvas.grow(tree);
    this.treeNow.set(tree);
    this.sayCount();
    this.colours.grow();
    this.branch.recolour();
    const before = this.selected.get();
    if (this.following.get()) this.follow();
    if (this.selected.get() === before) this.details.grow(changed);
    else this.details.steps.outdate(changed);
  }

  /** The picture's name tells its size, which the server wrote into it when the page was loaded. */
  sayCount() {
    const picture = place("canvas");
    picture.setAttribute("aria-label", (picture.getAttribute("aria-label") ?? "").replace(/[\d,]+(?= steps?\b)/, count(this.tree.count)));
  }

  /** Goes on to where the followed branch has got to. */
  follow() {
    const tip = tipOf(this.tree, this.leaf);
    if (!tip) return;
    this.leaf = tip;
    this.selected.set(tip);
  }

  /** The run is played no further: there is nothing more to follow. */
  end() {
    this.following.set(false);
    place("follow").hidden = true;
  }

  showFollowing() {
    place("follow").hidden = !root.classList.contains("run-growing");
    place("follow").setAttribute("aria-pressed", String(this.following.get()));
  }

  /** The reader selects by hand, and so follows no more. */
  choose = (/** @type {number} */ step) => {
    if (!step) return;
    this.following.set(false);
    this.selected.set(step);
  };

  /** @param {number} by along the branch; past its end to what has grown there meanwhile */
  move(by) {
    const branch = branchOf(this.tree, this.leaf);
    const at = this.selected.get();
    const next = branch[branch.indexOf(at) + by] ?? (by > 0 ? childrenOf(this.tree, at)[0] : undefined);
    this.choose(next ?? at);
  }

  /** @param {number} step */
  nextOnBranch(step) {
    const branch = branchOf(this.tree, this.leaf);
    return branch[branch.indexOf(step) + 1];
  }

  /** @param {number} step */
  showStep(step) {
    if (!branchOf(this.tree, this.leaf).includes(step)) this.leaf = leafThrough(this.tree, step);
    this.canvas.select(step);
    this.label?.startClock();
    void this.details.show(step, !this.following.get());
  }

  showScores() {
    const hidden = this.scoresHidden.get();
    root.classList.toggle("scores-hidden", hidden);
    place("hide-scores").setAttribute("aria-pressed", String(hidden));
    this.canvas.colourBy(this.colours.shown());
    this.colours.showLegend();
    this.branch.recolour();
    this.step.forgetTokens();
    this.details.redraw();
  }

  showLabels() {
    this.branch.showLabels(this.labels);
    this.canvas.redraw();
  }

  /** @param {number} at */
  heat(at) {
    return this.canvas.theme.scales.entropy[Math.round(at * (BUCKETS - 1))];
  }

  writeAddress() {
    // Who follows is sent the run: reloaded, the page follows on.
    keepStep(this.following.get() ? 0 : this.selected.get());
    this.colours.writeAddress();
  }
}

/** Where a step is settled; empty for who may not. @param {number} number */
function settlingOf(number) {
  return given.settling?.replace(/0\/$/, `${number}/`) ?? "";
}
