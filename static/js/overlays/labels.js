/**
 * What people said of the steps of one run: the reader's own verdicts, those of others and the one that stands.
 * @module
 */

/** @typedef {import("../lib/format.js").Verdict} Verdict */
/**
 * @typedef {{number: number, labeller: string, mine: boolean, verdict: Verdict, at: string, scores_in_view: boolean | null,
 *   reason: string}} LabelRow
 * @typedef {"saved" | "saving" | "failed"} SaveState
 */

export class Labels {
  /** @type {Map<number, Verdict>} */
  mine = new Map();
  /** For each of `mine`, whether scores were in view when it was given. @type {Map<number, boolean>} */
  inView = new Map();
  /** @type {Map<number, LabelRow[]>} */
  others = new Map();
  /** @type {Map<number, Verdict>} */
  standing = new Map();
  /** @type {Map<number, SaveState>} */
  states = new Map();
  /** The reader's own verdicts in the order given, each with what it replaced and how that was given.
   * @type {{number: number, before: Verdict | "", wasInView?: boolean | undefined}[]} */
  given = [];
  /** Another number whenever a verdict is another. */
  revision = 0;

  /** @param {{labels: LabelRow[], standing: Record<string, Verdict>}} answer */
  constructor({ labels, standing }) {
    const own = labels.filter((label) => label.mine).sort((a, b) => a.at.localeCompare(b.at));
    for (const { number, verdict, scores_in_view: inView } of own) {
      this.set(number, verdict, inView ?? false);
      this.given.push({ number, before: "" });
    }
    this.hear(labels, standing);
  }

  /**
   * What the server says now. The reader's own verdicts stay as they are here: those on their way are not there yet.
   * @param {{labels: LabelRow[], standing: Record<string, Verdict>}} answer
   */
  renew({ labels, standing }) {
    this.others.clear();
    this.standing.clear();
    this.hear(labels, standing);
  }

  /** @param {LabelRow[]} labels @param {Record<string, Verdict>} standing */
  hear(labels, standing) {
    this.revision++;
    for (const label of labels) if (!label.mine) this.others.set(label.number, [...(this.others.get(label.number) ?? []), label]);
    for (const [number, verdict] of Object.entries(standing)) this.standing.set(Number(number), verdict);
  }

  /**
   * @param {number} number
   * @param {Verdict | ""} verdict empty takes back
   * @param {boolean} inView
   */
  set(number, verdict, inView) {
    this.revision++;
    if (verdict) {
      this.mine.set(number, verdict);
      this.inView.set(number, inView);
    } else {
      this.mine.delete(number);
      this.inView.delete(number);
    }
  }

  /**
   * @param {number} number
   * @param {Verdict | null} verdict the one that stands, null for none
   */
  stand(number, verdict) {
    this.revision++;
    if (verdict) this.standing.set(number, verdict);
    else this.standing.delete(number);
  }

  /**
   * @param {number} number
   * @returns {Verdict | null} what the canvas shows: one's own verdict before the one that stands
   */
  shown(number) {
    return this.mine.get(number) ?? this.standing.get(number) ?? null;
  }
}
