/**
 * The first turn, asked for while the other modules of the page still come: they take as long as the answer does. It lays nothing
 * out.
 * @module
 */

import { getJson, postJson } from "../../net/api.js";
import { given } from "./places.js";

/**
 * @typedef {{answer: any, error: unknown}} Came error: null where an answer came
 */

/** @type {Promise<Came>} what came, for whoever is there to take it by then */
export const firstTurn = came(given.turn ? getJson(`${given.turns}${given.turn}`) : postJson(given.next, { besides: [] }));

/** @param {Promise<any>} asked @returns {Promise<Came>} */
function came(asked) {
  return asked.then(
    (answer) => ({ answer, error: null }),
    (error) => ({ answer: null, error }),
  );
}
