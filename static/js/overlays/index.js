/**
 * The list of overlays that colour the steps of a run. It fetches nothing: what does not come with the tree is handed to it.
 * @module
 */

import { agreement, labellers } from "./agreement.js";
import { entropy } from "./entropy.js";
import { label } from "./label.js";
import { logprob } from "./logprob.js";
import { otherScore, playedScore } from "./scores.js";
import { correctness, depth, origin, tokens } from "./tree_facts.js";
import { value, visits } from "./visits.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../lib/columns.js").MakerName} MakerName */

/**
 * @typedef {object} Overlay
 * @property {string} key as in the address
 * @property {string} name as in the menu
 * @property {string} group under which the menu has it
 * @property {(tree: Tree) => string} scale name of its colours: score diverges, entropy is sequential; of kinds their own
 * @property {boolean} showsScores whether a labeller who sees it sees scores
 * @property {(tree: Tree, cursor?: number | null) => Float32Array} values by step number, NaN where unknown; at a cursor as they
 *   stood then. At least as long as the tree; called every frame, so made once for a tree and a cursor
 * @property {(tree: Tree) => import("../lib/colour.js").Domain} domain the same at every cursor
 * @property {(tree: Tree) => string} legend what the scale shows, with its maker
 * @property {(value: number) => string} format
 * @property {readonly import("../lib/kinds.js").Kind[]} [kinds] where values are no numbers but places in this list
 * @property {string} [without] what a step of no kind is called, where there are such
 * @property {() => Promise<void>} [load] fetches the values where they do not come with the tree; before, all are unknown
 */

/**
 * Numbers by step that are fetched.
 * @typedef {{upTo: (count: number) => Float32Array, load: () => Promise<void>}} StepValues upTo: another array whenever
 *   the numbers are others
 * @typedef {{key: string, kind?: string, maker?: MakerName, count?: number, playing?: boolean}} Entry of the server's catalogue
 * @typedef {object} RunData
 * @property {import("./labels.js").Labels} labels
 * @property {(key: string) => StepValues} column
 * @property {import("./visits.js").Simulations} simulations
 * @property {(maker: MakerName, cursor: number) => Float32Array | null} scoresAt null where nobody knows how they stood
 */

export class Overlays {
  /** @param {RunData} data */
  constructor(data) {
    this.data = data;
    /** Each stays the same for as long as the page is open. @type {Map<string, Overlay>} */
    this.made = new Map();
    this.unscored = playedScore(null);
    /** @type {Overlay[]} */
    this.own = [entropy, correctness, label(data.labels), depth, tokens, origin];
  }

  /**
   * Those for which there are values, in the order of the menu, the playing scorer's first.
   * @param {Tree} tree
   * @param {readonly Entry[]} catalogue
   * @returns {Overlay[]}
   */
  offered(tree, catalogue) {
    const fetched = catalogue.flatMap((entry) => this.fetched(entry));
    const own = this.own.filter((overlay) => isOffered(overlay, tree));
    const played = tree.score.some((score) => !Number.isNaN(score)) ? [this.played(tree.header.scorer)] : [];
    const all = [...played, ...fetched, ...own];
    const groups = [...new Set(all.map(({ group }) => group))].sort((a, b) => placeOf(a) - placeOf(b));
    return groups.flatMap((group) => all.filter((overlay) => overlay.group === group));
  }

  /** @param {MakerName | null} maker */
  played(maker) {
    // Before its first score nobody knows a run's scorer, and what was made of none must not stay for the one that comes.
    if (!maker) return this.unscored;
    return this.once("score", () => playedScore(maker, (cursor) => this.data.scoresAt(maker, cursor)));
  }

  /** @param {Entry} entry @returns {Overlay[]} none for what this page has no colours for */
  fetched({ key, kind, maker, playing }) {
    const { column, simulations, scoresAt } = this.data;
    if (kind === "score" && maker) {
      if (playing) return [];
      return [this.once(key, () => otherScore(key, maker, column(key), (cursor) => scoresAt(maker, cursor)))];
    }
    if (key === "logprob") return [this.once(key, () => logprob(column(key)))];
    if (key === "agreement") return [this.once(key, () => agreement(column(key)))];
    if (key === "labellers") return [this.once(key, () => labellers(column(key)))];
    if (key === "visits") return [this.once("visits", () => visits(simulations)), this.once("value", () => value(simulations))];
    return [];
  }

  /** @param {string} key @param {() => Overlay} make */
  once(key, make) {
    const known = this.made.get(key) ?? make();
    this.made.set(key, known);
    return known;
  }
}

const GROUPS = ["Search", "Model", "Outcome", "Tree"];

/** Scores come first, by scorer. @param {string} group */
function placeOf(group) {
  return GROUPS.indexOf(group);
}

/** @param {Overlay} overlay @param {Tree} tree */
function isOffered(overlay, tree) {
  // A verdict may be given at any time, to a step that has none yet.
  return overlay.key === "label" || overlay.values(tree).some((value) => !Number.isNaN(value));
}
