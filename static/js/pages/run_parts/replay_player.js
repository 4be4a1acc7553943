/**
 * The clock of a replay: frame by frame it moves a place and says where it is now. What stands at a place is not its business.
 * @module
 */

import { cursorOf, playedOn, playFrom } from "../../lib/playing.js";

/**
 * @typedef {object} Track
 * @property {(place: number) => number} seqOf the event at which a place stands
 * @property {() => number} last place, where playing ends
 * @property {(seq: number) => void} moved
 * @property {() => void} ended
 */

export class Player {
  /** @param {Track} track */
  constructor(track) {
    this.track = track;
    this.speed = 1;
    /** @type {import("../../lib/playing.js").Play} */
    this.play = { place: 0, part: 0 };
    this.frame = 0;
    this.reduced = matchMedia("(prefers-reduced-motion: reduce)");
  }

  get isPlaying() {
    return this.frame !== 0;
  }

  /**
   * @param {number} seq where the cursor stands
   * @param {number} place of the last decision by then
   */
  start(seq, place) {
    this.play = playFrom(seq, place, this.track.seqOf);
    let before = performance.now();
    const next = (/** @type {number} */ now) => {
      this.frame = requestAnimationFrame(next);
      this.step(Math.max(0, now - before));
      before = now;
    };
    this.frame = requestAnimationFrame(next);
  }

  /** @param {number} ms */
  step(ms) {
    const { track, speed } = this;
    this.play = playedOn(this.play, ms, speed, track.last());
    if (this.play.place >= track.last()) {
      this.stop();
      track.ended();
    } else {
      track.moved(cursorOf(this.play, track.seqOf, !this.reduced.matches));
    }
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }
}
