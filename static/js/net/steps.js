/**
 * Fetches steps in full and their tokens when they are looked at, each once. Fetches no tree.
 * @module
 */

import { getJson } from "./api.js";

/**
 * @typedef {{kind: string, key: string, version: string, revision: string}} Maker
 * @typedef {{text: string, class_key: string | null, correct: boolean | null, checker: string, version: number}} Answer
 * @typedef {{number: number, parent: number, depth: number, text: string, origin: string, maker: Maker, tokens: number,
 *   logprob: number | null, entropy: number | null, terminal: boolean, pruned_why: string, chosen_why: string,
 *   scores: {maker: Maker, value: number | null}[], answer: Answer | null}} FullStep
 * @typedef {{text: string, id: number, logprob: number | null, entropy: number | null}} Token
 */

export class Steps {
  /** @param {string} path of the API's list of steps */
  constructor(path) {
    this.path = path;
    /** @type {Map<number, FullStep>} */
    this.known = new Map();
    /** @type {Map<number, Token[]>} */
    this.tokensKnown = new Map();
  }

  /**
   * @param {number[]} branch from the root to a step
   */
  async loadBranch(branch) {
    if (branch.every((number) => this.known.has(number))) return;
    this.keep(await getJson(`${this.path}?branch=${branch[branch.length - 1]}`));
  }

  /**
   * @param {number[]} numbers
   * @returns {Promise<boolean>} whether anything was missing
   */
  async loadSome(numbers) {
    const missing = numbers.filter((number) => !this.known.has(number));
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

  /** @param {{steps: FullStep[]}} answer */
  keep({ steps }) {
    for (const step of steps) this.known.set(step.number, step);
  }
}
