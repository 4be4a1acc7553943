/**
 * The turns that come: the next one is fetched and laid out while somebody is at the present one. It decides nothing about whose
 * turn it is; the server does.
 * @module
 */

import { ApiError, postJson } from "../../net/api.js";

/** @typedef {import("../../lib/judging.js").Turn} Turn */
/**
 * @template T
 * @typedef {{piece: T | null, why: string, sentence: string, error: ApiError | null}} Answer piece: null where none comes, and
 *   why says why; error where nobody could be asked
 */

/** @template T what a turn is laid out as */
export class Line {
  /**
   * @param {string} path of the API
   * @param {(turn: Turn) => T} layOut
   * @param {Promise<import("./first_turn.js").Came> | null} first what was asked for before, with nothing in hand
   */
  constructor(path, layOut, first) {
    this.path = path;
    this.layOut = layOut;
    this.first = first;
    /** @type {Promise<Answer<T>> | null} */
    this.ahead = null;
  }

  /** @param {number[]} besides ids of the turns in hand, and of those whose end is still on its way */
  fetchAhead(besides) {
    this.ahead ??= this.ask(besides);
  }

  /**
   * @param {number[]} besides
   * @returns {Promise<Answer<T>>}
   */
  async take(besides) {
    const fetched = await this.ahead;
    this.ahead = null;
    // That there was none, or nobody to ask, may be otherwise by now.
    return fetched?.piece ? fetched : this.ask(besides);
  }

  /** What was taken is to come next again. @param {T} piece */
  putBack(piece) {
    this.ahead = Promise.resolve({ piece, why: "", sentence: "", error: null });
  }

  /**
   * @param {number[]} besides
   * @returns {Promise<Answer<T>>}
   */
  async ask(besides) {
    try {
      const { turn, why, sentence } = (await this.takeFirst(besides)) ?? (await postJson(this.path, { besides }));
      return { piece: turn && this.layOut(turn), why, sentence, error: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { piece: null, why: "", sentence: "", error };
    }
  }
  /**
   * @param {number[]} besides
   * @returns {Promise<any>} the answer that was asked for before; null where there is none that can be taken now
   */
  async takeFirst(besides) {
    const came = await this.first;
    this.first = null;
    if (came?.error) throw came.error;
    return came && !besides.includes(came.answer.turn?.id) ? came.answer : null;
  }
}
