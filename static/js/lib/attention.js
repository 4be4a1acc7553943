/**
 * How long somebody was really at it: a clock that stands while the page is hidden or nothing was done for a minute. It reads
 * no clock itself and listens to nothing.
 * @module
 */

const REST_MS = 60_000;

export class Attention {
  /** @param {number} now ms of any clock that only goes forward */
  constructor(now) {
    this.isAway = false;
    /** Up to when time was counted. */
    this.at = now;
    /** When something was done last. */
    this.active = now;
    /** ms, since the last lap. */
    this.counted = 0;
  }

  /** Something was done: keys, pointer, scrolling. @param {number} now */
  act(now) {
    this.count(now);
    this.active = now;
  }

  /** @param {boolean} isAway @param {number} now */
  leave(isAway, now) {
    this.count(now);
    this.isAway = isAway;
    if (!isAway) this.active = now;
  }

  /**
   * @param {number} now
   * @returns {number} seconds of attention since the last lap, to a tenth; a new one begins
   */
  lap(now) {
    this.count(now);
    const seconds = Math.round(this.counted / 100) / 10;
    this.counted = 0;
    return seconds;
  }

  /** @param {number} now @returns {boolean} whether somebody is at it */
  isActive(now) {
    return !this.isAway && now - this.active < REST_MS;
  }

  /** @param {number} now */
  count(now) {
    if (!this.isAway) this.counted += Math.max(0, Math.min(now, this.active + REST_MS) - this.at);
    this.at = now;
  }
}
