/**
 * What people said of the steps of one run: the reader's own verdicts, those of others and the one that stands.
 * @module
 */

/** @typedef {import("../lib/format.js").Verdict} Verdict */
/**
 * @typedef {{number: number, labeller: string, mine: boolean, verdict: Verdict, at: string, scores_in_view: boolean | null,
 *   reason: string}} LabelRow
 * @typedef {"saved" | "saving" | "failed"} SaveState
 * @typedef {{verdict: Verdict | "", client_uuid: string, scores_in_view: boolean}} GivenBody a verdict as it is sent
 * @typedef {{labels: LabelRow[], standing: Record<string, Verdict>, newest: Record<string, string>}} LabelsAnswer newest: the client_uuid of
 *   the reader's latest word on a step, what takes a verdict back included
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
   * @type {{number: number, before: Verdict | "", wasInView?: boolean | undefined, uuid?: string}[]} */
  given = [];
  /** The client_uuid of the reader's latest word on a step, as this page knows it. @type {Map<number, string>} */
  newest = new Map();
  /** Another number whenever a verdict is another. */
  revision = 0;

  /** @param {LabelsAnswer} answer */
  constructor({ labels, standing, newest }) {
    const own = labels.filter((label) => label.mine).sort((a, b) => a.at.localeCompare(b.at));
    for (const { number, verdict, scores_in_view: inView } of own) {
      this.set(number, verdict, inView ?? false);
      this.given.push({ number, before: "" });
    }
    for (const [number, uuid] of Object.entries(newest)) this.newest.set(Number(number), uuid);
    this.hear(labels, standing);
  }

  /**
   * A verdict of the reader's, to be undone by what stood before it.
   * @param {number} number
   * @param {GivenBody} body
   */
  give(number, body) {
    this.given.push({ number, before: this.mine.get(number) ?? "", wasInView: this.inView.get(number), uuid: body.client_uuid });
    this.follow(number, body);
  }

  /**
   * The reader's latest word on a step.
   * @param {number} number
   * @param {GivenBody} body
   */
  follow(number, body) {
    this.newest.set(number, body.client_uuid);
    this.set(number, body.verdict, body.scores_in_view);
  }

  /**
   * Verdicts that the reader gave up for one of theirs that stands elsewhere; undone, what was before all of these stands.
   * @param {number} number
   * @param {string[]} uuids of those given up
   * @param {{verdict: Verdict | "", client_uuid: string} | null} theirs null where there is none
   * @param {boolean} inView
   */
  giveUp(number, uuids, theirs, inView) {
    const first = this.given.find(({ uuid }) => uuid !== undefined && uuids.includes(uuid));
    this.given = this.given.filter(({ uuid }) => uuid === undefined || !uuids.includes(uuid));
    if (theirs && first) this.given.push({ number, before: first.before, wasInView: first.wasInView, uuid: theirs.client_uuid });
    if (theirs) this.follow(number, { ...theirs, scores_in_view: inView });
    else this.set(number, first?.before ?? "", first?.wasInView ?? inView);
  }

  /**
   * What the server says now. The reader's own verdicts stay as they are here, and what this page knows to be their latest: those on
   * their way are not there yet, and what was said elsewhere meanwhile is told when this page says something of that step.
   * @param {LabelsAnswer} answer
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
