/**
 * The scores of one maker as they stood at an event of the run: of every step the newest that had been given by then. Going on
 * costs what lies between, so that a replay may ask in every frame. It ranks nothing.
 * @module
 */

/** @typedef {import("./event_columns.js").Events} Events */
/** @typedef {import("./columns.js").MakerName} MakerName */

const SCORED = "step-scored";

export class ScoresFolded {
  /** @param {(maker: MakerName) => boolean} isMeant whether a maker's scores count */
  constructor(isMeant) {
    this.isMeant = isMeant;
    this.values = new Float32Array(1).fill(NaN);
    /** The event up to which they are folded in. */
    this.seq = 0;
  }

  /**
   * @param {Events} events those of the run, known at least up to the cursor
   * @param {number} count of steps
   * @param {number} cursor
   * @returns {Float32Array} by step, NaN where none had been given; the same array, changed, at every cursor
   */
  at(events, count, cursor) {
    if (cursor < this.seq || this.values.length <= count) {
      this.values = this.values.length > count ? this.values.fill(NaN) : new Float32Array(count + 1).fill(NaN);
      this.seq = 0;
    }
    const scored = events.kinds.indexOf(SCORED);
    const meant = events.makers.map(this.isMeant);
    const end = Math.min(cursor, events.count);
    for (let row = this.seq; row < end; row++) {
      if (events.kind[row] === scored && meant[events.maker[row]] && events.number[row] <= count) {
        this.values[events.number[row]] = events.value[row];
      }
    }
    this.seq = Math.max(this.seq, end);
    return this.values;
  }
}

/**
 * Whether a maker is the scorer a run is played with: the same one on another device is another maker.
 * @param {MakerName} scorer
 */
export function isScorer({ kind, key }) {
  return (/** @type {MakerName} */ maker) => maker.kind === kind && maker.key === key;
}

/** @param {MakerName} one */
export function isMaker({ kind, key, version, revision }) {
  return (/** @type {MakerName} */ maker) =>
    maker.kind === kind && maker.key === key && maker.version === version && maker.revision === revision;
}
