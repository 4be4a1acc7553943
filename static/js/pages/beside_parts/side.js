/**
 * One side of the comparison: its tree in small, which of its branches is shown, and the menu of them. It knows nothing of
 * the other side.
 * @module
 */

import { attachPanKeys } from "../../canvas/keyboard.js";
import { attachPointer } from "../../canvas/pointer.js";
import { TreeCanvas } from "../../canvas/tree_canvas.js";
import { readColumns } from "../../lib/columns.js";
import { count, ofHalf } from "../../lib/format.js";
import { endsOf } from "../../lib/ends.js";
import { tipOf } from "../../lib/tip.js";
import { branchOf, leafThrough, RIGHT, treeOf, WRONG } from "../../lib/tree.js";
import { getColumns, getJson } from "../../net/api.js";
import { Steps } from "../../net/steps.js";
import { Labels } from "../../overlays/labels.js";
import { playedScore } from "../../overlays/scores.js";
import { isOpen, SideLine } from "./line.js";
import { place } from "./places.js";

/** @typedef {import("../../lib/tree.js").Tree} Tree */

const OFFERED = 40;
const ANSWER_SHOWN = 40;

export class Side {
  /**
   * @param {HTMLElement} host
   * @param {() => void} changed another branch is shown, or what is known of it has changed
   */
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    this.run = Number(host.dataset.run);
    /** The step through which the branch is to lead, 0 for none. */
    this.wanted = Number(host.dataset.step);
    this.leaf = 0;
    this.isFollowing = false;
    this.scoresHidden = false;
    /** @type {Tree | null} */
    this.tree = null;
    this.labels = new Labels({ labels: [], standing: {}, newest: {} });
    this.steps = new Steps(/** @type {string} */ (host.dataset.steps));
    this.canvas = new TreeCanvas(place("canvas", host));
    attachPointer(this.canvas, (step) => this.choose(step));
    attachPanKeys(this.canvas);
    this.pick = /** @type {HTMLSelectElement} */ (place("pick", host));
    this.pick.addEventListener("change", () => (Number(this.pick.value) ? this.choose(Number(this.pick.value)) : this.follow()));
  }

  /** @returns {Promise<void>} rejects with what the server or the network said */
  async open() {
    const { tree: path, labels } = /** @type {Record<string, string>} */ (this.host.dataset);
    const [body, known] = await Promise.all([getColumns(path), getJson(labels)]);
    const { header, columns } = readColumns(body);
    this.labels = new Labels(known);
    this.canvas.labels = this.labels;
    const tree = treeOf(header, columns);
    this.isFollowing = isOpen(tree) && !this.wanted;
    this.show(tree);
    if (isOpen(tree)) this.line = new SideLine(this.host, tree, (grown, changed) => this.grow(grown, changed));
  }

  /** @param {Tree} tree */
  show(tree) {
    const isFirst = !this.tree?.count;
    this.tree = tree;
    place("empty", this.host).hidden = tree.count > 0;
    this.canvas.host.hidden = tree.count === 0;
    if (!tree.count) return;
    if (isFirst) {
      this.canvas.show(tree);
      this.colour();
    } else {
      this.canvas.grow(tree);
      // A run may have had its first step before it had a score.
      if (!this.canvas.overlay) this.colour();
    }
    if (this.isFollowing) this.leaf = tipOf(tree, this.leaf);
    else if (!this.leaf || tree.firstChild[this.leaf]) this.leaf = leafThrough(tree, this.wanted || this.leaf);
    this.mark();
  }

  /** @param {Tree} tree @param {number[]} changed */
  grow(tree, changed) {
    this.steps.outdate(changed);
    this.show(tree);
    if (!isOpen(tree)) this.isFollowing = false;
    this.changed();
  }

  /** The branch through a step, or where the search has got to. @param {number} step */
  choose(step) {
    if (!this.tree || !step) return;
    this.isFollowing = false;
    this.wanted = step;
    this.leaf = leafThrough(this.tree, step);
    this.mark();
    this.changed();
  }

  follow() {
    if (!this.tree) return;
    this.isFollowing = true;
    this.wanted = 0;
    this.leaf = tipOf(this.tree, this.leaf);
    this.mark();
    this.changed();
  }

  /** The best branch that has come to its end and is not this one. @param {number} leaf */
  chooseBeside(leaf) {
    const other = this.tree ? endsOf(this.tree).find((end) => end !== leaf) : undefined;
    if (!other) return;
    this.leaf = other;
    this.mark();
  }

  mark() {
    this.canvas.select(this.leaf);
    const link = /** @type {HTMLAnchorElement} */ (place("to-tree", this.host));
    link.href = `${this.host.dataset.runPage}steps/${this.wanted || this.leaf}/`;
    this.offer();
  }

  /** @returns {number[]} the steps of the branch, the question not counted */
  get branch() {
    return this.tree ? branchOf(this.tree, this.leaf) : [];
  }

  /** @returns {number} what the address has to say of this side, 0 for nothing: whoever is sent it follows too */
  get named() {
    return this.isFollowing ? 0 : this.wanted || this.leaf;
  }

  /** @param {boolean} hidden */
  hideScores(hidden) {
    this.scoresHidden = hidden;
    this.colour();
    this.offer();
  }

  colour() {
    const scorer = this.tree?.header.scorer ?? null;
    this.canvas.colourBy(scorer && !this.scoresHidden ? playedScore(scorer) : null);
  }

  /** Loads the texts of the branch, and the answers that the menu names. */
  async load() {
    if (!this.tree?.count) return;
    await this.steps.loadBranch(this.branch);
    if (await this.steps.loadSome(this.offered())) this.offer();
  }

  offered() {
    return this.tree ? endsOf(this.tree, !this.scoresHidden).slice(0, OFFERED) : [];
  }

  /** The branches that have ended, with answer and score; the one shown is always among them. */
  offer() {
    const { tree } = this;
    if (!tree?.count) return;
    const ends = this.offered();
    const steps = ends.includes(this.leaf) ? ends : [this.leaf, ...ends];
    const options = steps.map((step) => new Option(this.nameOf(tree, step), String(step)));
    if (isOpen(tree)) options.unshift(new Option("Follow the search", "0"));
    const value = this.isFollowing ? "0" : String(this.leaf);
    // A menu that says the same is left alone: it may be open.
    if (options.map(({ text }) => text).join("\n") !== [...this.pick.options].map(({ text }) => text).join("\n")) this.pick.replaceChildren(...options);
    this.pick.value = value;
  }

  /** @param {Tree} tree @param {number} step */
  nameOf(tree, step) {
    const parts = [`Step ${count(step)}`];
    if (!this.scoresHidden && !Number.isNaN(tree.score[step])) parts.push(ofHalf(tree.score[step]));
    const flags = tree.flags[step];
    if (flags & (RIGHT | WRONG)) parts.push(flags & RIGHT ? "✓ right" : "✕ wrong");
    if (step === tree.header.chosen) parts.push("chosen");
    if (tree.pruned[step]) parts.push("pruned");
    const answer = this.steps.known.get(step)?.answer?.text.replace(/\s+/g, " ").slice(0, ANSWER_SHOWN);
    if (answer) parts.push(answer);
    return parts.join(" · ");
  }
}
