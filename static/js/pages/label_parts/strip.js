/**
 * The line above the problem: how many are done, how fast, how long what is left may take. It measures nothing.
 * @module
 */

import { paceWords } from "../../lib/pace.js";
import { element } from "../../panels/element.js";
import { given, place } from "./places.js";

/** @typedef {import("./in_hand.js").TurnInHand} TurnInHand */

/** So many of the latest count. */
const LATEST = 50;

export class Strip {
  constructor() {
    /** @type {number[]} */
    this.steps = JSON.parse(given.steps);
    /** @type {number[]} */
    this.turns = JSON.parse(given.turnTimes);
    /** When the page was opened; what was done since is known here sooner than on the server. */
    this.doneBefore = -1;
    /** Of this visit. */
    this.submitted = 0;
    this.seconds = 0;
  }

  /** @param {TurnInHand} inHand */
  show({ turn }) {
    if (this.doneBefore < 0) this.doneBefore = turn.done;
    const facts = paceWords(this.doneBefore + this.submitted, turn.total ?? null, this.steps.slice(-LATEST), this.turns.slice(-LATEST));
    place("progress").replaceChildren(...facts.map((fact) => element("span", "", fact)));
    const version = place("guideline-version");
    version.textContent = turn.guideline ? `v${turn.guideline.number}` : "";
  }

  /** @param {number} seconds */
  judged(seconds) {
    this.steps.push(seconds);
  }

  /** @param {TurnInHand} inHand */
  ended({ seconds }) {
    this.turns.push(seconds);
    this.submitted++;
    this.seconds += seconds;
  }

  /** @param {TurnInHand} inHand whose end was taken back; one that was skipped did not count */
  notEnded({ seconds, ended }) {
    if (ended !== "submitted") return;
    this.turns.pop();
    this.submitted--;
    this.seconds -= seconds;
  }
}
