/**
 * What was said on this page of the steps of a run, whichever turn it was said in: branches of one tree share steps, and a turn that
 * was laid out before shows what was said since. It sends nothing.
 * @module
 */

import { stepsOf } from "../../lib/judged_past.js";

/** @typedef {import("./in_hand.js").TurnInHand} TurnInHand */
/** @typedef {{client_uuid: string} & Partial<import("../../lib/judging.js").Saying>} Row */

export class Shared {
  constructor() {
    /** The latest by run and step. @type {Map<string, Row>} */
    this.latest = new Map();
  }

  /** @param {TurnInHand} inHand in which it stands @param {number} number @param {Row} row */
  tell({ turn }, number, row) {
    this.latest.set(`${turn.run}/${number}`, row);
  }

  /** Rows that came to nothing: what stands without them is told instead. @param {TurnInHand} inHand in which they were said @param {number} number @param {string[]} uuids */
  giveUp(inHand, number, uuids) {
    const latest = this.latest.get(`${inHand.turn.run}/${number}`);
    if (latest && uuids.includes(latest.client_uuid)) this.tell(inHand, number, inHand.judging.of(number));
  }

  /** A turn comes into the hand: what the server's answer knows, or what was said in it, is not older. @param {TurnInHand} inHand */
  catchUp(inHand) {
    const { turn, judging } = inHand;
    for (const { number, chain } of stepsOf(turn)) {
      const row = this.latest.get(`${turn.run}/${number}`);
      if (!row || row.client_uuid === judging.of(number).client_uuid || chain?.some(({ client_uuid }) => client_uuid === row.client_uuid)) continue;
      judging.know(number, row);
    }
    inHand.draw();
  }
}
