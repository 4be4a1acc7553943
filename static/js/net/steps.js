/**
 * Fetches steps in full and their tokens when they are looked at, each once. Fetches no tree.
 * @module
 */

import { getJson } from "./api.js";

/**
 * @typedef {{kind: string, key: string, version: string, revision: string}} Maker
 * @typedef {{text: string, class_key: string | null, correct: boolean | null, checker: string, version: number}} Answer
 * @typedef {{value: number | null, seq: number}} GivenScore
 * @typedef {GivenScore & {maker: Maker, tokens: number, earlier: GivenScore[]}} MakerScore the newest of a maker, and those before
 * @typedef {{times: number, generated: number, computed: number}} Repeats
 * @typedef {{number: number, parent: number, depth: number, text: string, origin: string, maker: Maker, tokens: number,
 *   generated: number, computed: number, logprob: number | null, entropy: number | null, terminal: boolean, born: number,
 *   pruned: number | null, pruned_why: string, chosen: number | null, chosen_why: string, scores: MakerScore[],
 *   repeats: Repeats | null, answer: Answer | null}} FullStep born, pruned, chosen: events
 * @typedef {{text: string, logprob: number}} Alternative logprob: nats
 * @typedef {{text: string, id: number, logprob: number | null, entropy: number | null, alternatives?: Alternative[] | null}} Token
 * @typedef {{tokens: number, steps: number, seconds: number}} Spent by the birth of a step, itself included
 * @typedef {{labeller: string, mine: boolean, at: string}} Said
 * @typedef {Said & {kind: "label", verdict: import("../lib/format.js").Verdict | "", reason: string, scores_in_view: boolean | null, flagged: boolean, critique: string, guideline: {name: string, number: number} | null}} LabelSaid
 * @typedef {Said & {kind: "adjudication", verdict: import("../lib/format.js").Verdict | "", reason: string, rule: string}} Settled
 * @typedef {Said & {kind: "own-step", text: string}} Written what somebody wrote in the place of a step; empty where they took it back
 * @typedef {LabelSaid | Settled | Written} HistoryRow
 */

/** So many steps of a branch are asked for by number; a branch that grew brings only what it grew by. */
const FEW = 100;

export class Steps {
  /** @param {string} path of the API's list of steps */
  constructor(path) {
    this.path = path;
    /** @type {Map<number, FullStep>} */
    this.known = new Map();
    /** Known as they once were; what is asked for next is fetched anew. @type {Set<number>} */
    this.stale = new Set();
    /** @type {Map<number, Token[]>} */
    this.tokensKnown = new Map();
    /** @type {Map<number, Spent>} */
    this.spentKnown = new Map();
  }

  /**
   * @param {number[]} branch from the root to a step
   */
  async loadBranch(branch) {
    const missing = this.missingOf(branch);
    if (missing.length > FEW) this.keep(await getJson(`${this.path}?branch=${branch[branch.length - 1]}`));
    else await this.loadSome(missing);
  }

  /**
   * @param {number[]} numbers
   * @returns {Promise<boolean>} whether anything was missing
   */
  async loadSome(numbers) {
    const missing = this.missingOf(numbers);
    if (missing.length) this.keep(await getJson(`${this.path}?numbers=${missing.join(",")}`));
    return missing.length > 0;
  }

  /**
   * @param {number} number
   * @returns {Promise<Token[]>}
   */
  async tokens(number) {
    const known = this.tokensKnown.get(number);
    if (known) return known;
    const { tokens } = await getJson(`${this.path}/${number}/tokens`);
    this.tokensKnown.set(number, tokens);
    return tokens;
  }

  /**
   * @param {number} number
   * @returns {Promise<Spent>}
   */
  async spent(number) {
    const known = this.spentKnown.get(number) ?? /** @type {Spent} */ (await getJson(`${this.path}/${number}/spent`));
    this.spentKnown.set(number, known);
    return known;
  }

  /** All that people said of a step, asked for each time: they may have said more. @param {number} number @returns {Promise<HistoryRow[]>} */
  history = async (number) => (await getJson(`${this.path}/${number}/labels`)).history;

  /** @param {number[]} numbers @returns {number[]} */
  missingOf(numbers) {
    return numbers.filter((number) => !this.known.has(number) || this.stale.has(number));
  }

  /**
   * Steps that have changed. Tokens never do.
   * @param {number[]} numbers
   */
  outdate(numbers) {
    for (const number of numbers) if (this.known.has(number)) this.stale.add(number);
  }

  /** @param {{steps: FullStep[]}} answer */
  keep({ steps }) {
    for (const step of steps) {
      this.known.set(step.number, step);
      this.stale.delete(step.number);
    }
  }
}
