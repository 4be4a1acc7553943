/**
 * The tree as it is to be painted: what of it is in the picture, where its steps stand, which of them bear a sign, and as of
 * which event. It knows no camera and paints nothing.
 * @module
 */

import { layOut } from "../lib/layout.js";
import { finestOf, finestOfSome, Levels } from "../lib/levels.js";
import { EVERYTHING, shownOf } from "../lib/shown.js";
import { branchOf, RIGHT } from "../lib/tree.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../lib/shown.js").Wish} Wish */
/** @typedef {"right" | "matches" | "judged" | "folded"} Sign */

const SIZE_LEAST = 0.45;
const SIZE_SPAN = 0.9;

export class Subject {
  /** @param {Tree} tree */
  constructor(tree) {
    this.tree = tree;
    /** @type {Wish} */
    this.wish = EVERYTHING;
    /** Steps born and pruned later are not so yet. */
    this.seq = Infinity;
    /** The step that was chosen at the moment shown, null for the one chosen in the end. @type {number | null} */
    this.chosenThen = null;
    /** @type {Uint32Array | null} */
    this.matches = null;
    /** @type {readonly number[]} */
    this.candidates = [];
    /** @type {import("../overlays/labels.js").Labels | null} */
    this.labels = null;
    /** Of each step's point, as a share of the usual size; null where all are alike. @type {Float32Array | null} */
    this.sizes = null;
    /** What can be made again from the rest. @type {Map<Sign | "steps", Levels>} */
    this.levels = new Map();
    this.shown = shownOf(tree, this.wish);
    this.layout = layOut(tree, this.shown);
    this.chosenBranch = this.branchChosen();
  }

  /** @param {Tree} tree */
  set(tree) {
    this.tree = tree;
    this.place();
  }

  /** @param {Wish} wish */
  want(wish) {
    this.wish = wish;
    this.place();
  }

  place() {
    this.levels.clear();
    this.shown = shownOf(this.tree, this.wish);
    this.layout = layOut(this.tree, this.shown);
    this.chosenBranch = this.branchChosen();
  }

  /** @param {number | null} seq null for now @param {number} chosen the step that was chosen by then, 0 for none */
  at(seq, chosen) {
    // Which step stands for a cell depends on whether one looks back, not on how far: a replay makes its levels once.
    if ((seq ?? Infinity) === Infinity || this.seq === Infinity) this.levels.delete("steps");
    this.seq = seq ?? Infinity;
    this.chosenThen = seq === null ? null : chosen;
    this.chosenBranch = this.branchChosen();
  }

  /** @returns {Set<number>} */
  branchChosen() {
    return new Set(branchOf(this.tree, this.chosenThen ?? this.tree.header.chosen ?? 0));
  }

  /** @param {Uint32Array | null} matches */
  find(matches) {
    this.matches = matches;
    this.levels.delete("matches");
  }

  /** Verdicts are written into the labels, which say nothing of it. @param {Subject["labels"]} labels */
  setLabels(labels) {
    this.labels = labels;
    this.levels.delete("judged");
  }

  /** @param {Float32Array | null} values by step; the greatest is drawn largest, by area */
  sizeBy(values) {
    let most = 0;
    if (values) for (let step = 1; step < values.length; step++) if (values[step] > most) most = values[step];
    this.sizes = values && most > 0 ? values.map((value) => SIZE_LEAST + SIZE_SPAN * Math.sqrt(Math.max(value || 0, 0) / most)) : null;
  }

  /** @param {number} step */
  isThere(step) {
    return step <= this.tree.count && this.shown.steps[step] === 1 && this.tree.born[step] <= this.seq;
  }

  /** @param {number} step */
  isPruned(step) {
    const { pruned } = this.tree;
    return pruned[step] > 0 && pruned[step] <= this.seq;
  }

  /** @param {number} step @returns {number} the step itself, or the nearest one above it that is in the picture; 0 for the question */
  standIn(step) {
    let at = step <= this.tree.count ? step : 0;
    while (at && !this.isThere(at)) at = this.tree.parent[at];
    return at;
  }

  /**
   * All steps in the picture. Where two share a cell the one that was kept stands for it, then the older one; as of an event
   * the older one alone, since the other may not be born yet.
   * @returns {Levels}
   */
  all() {
    const { pruned } = this.tree;
    const isOlder = (/** @type {number} */ step, /** @type {number} */ other) => step < other;
    const isKept = (/** @type {number} */ step, /** @type {number} */ other) => (pruned[step] ? 1 : 0) < (pruned[other] ? 1 : 0) || (!pruned[step] === !pruned[other] && step < other);
    return this.kept("steps", () => new Levels(finestOf(this.layout), this.seq === Infinity ? isKept : isOlder));
  }

  /** The steps in the picture that bear a sign. @param {Sign} sign @returns {Levels} */
  signed(sign) {
    return this.kept(sign, () => new Levels(finestOfSome(this.layout, this.bearers(sign)), (step, other) => step < other));
  }

  /** @param {Sign} sign @returns {(step: number) => boolean} */
  bearers(sign) {
    const { tree, shown, matches, labels } = this;
    if (sign === "right") return (step) => (tree.flags[step] & RIGHT) > 0;
    if (sign === "folded") return (step) => shown.folded.has(step);
    const steps = sign === "matches" ? (matches ?? []) : labels ? [...labels.mine.keys(), ...labels.standing.keys()] : [];
    const isMeant = new Uint8Array(tree.count + 1);
    for (const step of steps) isMeant[step] = 1;
    return (step) => isMeant[step] === 1;
  }

  /** Whether any step may bear a sign at all: most trees have few signs, and looking for them costs a pass. @param {Sign} sign */
  mayBear(sign) {
    if (sign === "matches") return this.matches !== null && this.matches.length > 0;
    if (sign === "folded") return this.shown.folded.size > 0;
    if (sign === "judged") return this.labels !== null && this.labels.mine.size + this.labels.standing.size > 0;
    return true;
  }

  /**
   * @param {Sign | "steps"} name
   * @param {() => Levels} make
   * @returns {Levels}
   */
  kept(name, make) {
    const known = this.levels.get(name) ?? make();
    this.levels.set(name, known);
    return known;
  }
}
