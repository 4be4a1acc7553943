/**
 * What one person has said of the steps of one turn: what stands, the rows that follow from each change, and undo without
 * limit. It keeps time of nothing, shows nothing and sends nothing.
 * @module
 */

import { HERE, NOTHING, pastOf, placeOf, putInto, rowsOf, sayingOf, stack, stepsOf } from "./judged_past.js";
import { newUuid } from "./uuid.js";

/** @typedef {import("./format.js").Verdict} Verdict */
/** @typedef {{verdict: Verdict | "", client_uuid: string, reason: string, flagged: boolean, critique: string,
 *   chosen: boolean | null, seconds: number | null}} Saying */
/** @typedef {Map<number, Saying>} Said what stands, by step */
/** @typedef {{client_uuid: string, verdict: Verdict | "", flagged: boolean, critique: string, chosen: boolean | null, at?: string, turn?: number | null}} Past
 *   a row as it was stored; `at`, ISO 8601, puts rows of several steps in order; `turn`: the one it was given in, null where it was none */
/**
 * @typedef {{number: number, parent: number, depth: number, text: string, judge: boolean, prelabel: Verdict | null,
 *   mine: Saying | null, chain?: Past[], alternatives?: Step[], alternative_numbers?: number[], terminal?: boolean,
 *   unfolded?: boolean}} Step
 * @typedef {{parent: number, instead_of: number | null, text: string, client_uuid: string, at?: string, turn?: number | null}} OwnStep
 * @typedef {{id: number, state: "open" | "submitted" | "skipped", finish: string, reason: string, progress: number | null,
 *   seconds: number, lease_until: string, run: number, from: number, steps: Step[], levels?: {parent: number, steps: Step[]}[], own_steps: OwnStep[],
 *   own_chain?: OwnStep[], critiques?: Critique[],
 *   queue: {id: number, name: string, mode: string, unit: string, state: string, lease_s?: number},
 *   guideline: {id: number, number: number, name: string} | null, total?: number,
 *   problem: {statement: string, answer: string}, done: number, open: number, left: number | null}} Turn as the server gives it;
 *   critiques, unfolded, further levels and alternatives: added by the page while one is at it; total: too, tasks there are for the reader with those in hand;
 *   own_chain: every row of their own steps, oldest first, of which own_steps are those that stand
 */
/** @typedef {import("./judged_past.js").Changed} Changed */
/** @typedef {import("./rows_to_judge.js").Ending} Ending */
/** @typedef {{number: number} & Partial<Omit<Saying, "client_uuid">>} Change what is to stand on a step instead; what is left out stays */
/** @typedef {{number: number, replaces: string | null, prelabel: Verdict | ""} & Saying} LabelBody as it is sent */

/** @typedef {{number: number, label: number, text: string}} Critique what another wrote against a step; what is said of it stands at minus `label` */

/** @typedef {{label: number, chain: {verdict: Verdict | "", client_uuid: string, at: string, turn: number | null}[]}} Rated all the reader said of a critique */

const ENDING = "ending";

export class Judging {
  /** @param {Turn} turn */
  constructor(turn) {
    this.prelabels = new Map(stepsOf(turn).map((step) => [step.number, step.prelabel]));
    /** @type {Said} */
    this.said = new Map();
    /** Steps of one's own as they stand, by place; what was taken back has no text. @type {Map<string, OwnStep>} */
    this.own = new Map([...turn.own_steps, ...(turn.own_chain ?? [])].map((own) => [placeOf(own), own]));
    /** What each change replaced, the last one at the end; several things may have changed at once. @type {Changed[][]} */
    this.past = pastOf(rowsOf(turn), turn.id);
    this.count = 0;
    /** What was said here of critiques, each row once. @type {import("./judged_past.js").StoredRow[]} */
    this.rated = [];
    for (const { number, mine, chain } of stepsOf(turn)) {
      // What was taken back is nothing, but the next row follows it all the same.
      const newest = mine ?? chain?.at(-1);
      if (newest) this.said.set(number, sayingOf(newest));
    }
  }

  /**
   * Steps that were not known before; what was said of them is older than all that was said here.
   * @param {Turn} turn with nothing but these
   */
  learn(turn) {
    const { prelabels, said, past } = new Judging(turn);
    const isNew = (/** @type {number} */ number) => !this.prelabels.has(number);
    putInto(this.past, past.filter((changes) => changes.every(({ about }) => typeof about === "number" && isNew(about))));
    for (const [number, saying] of said) if (isNew(number) && !this.said.has(number)) this.said.set(number, saying);
    for (const [number, verdict] of prelabels) this.prelabels.set(number, verdict);
  }

  /** What was said in another turn stands here too, and is undone there. @param {number} number @param {Partial<Saying> & {client_uuid: string}} row */
  know(number, row) {
    this.said.set(number, sayingOf(row));
  }

  /** @returns {number} when what is said now is said: in its order behind all that was stored before */
  now() {
    return HERE + ++this.count;
  }

  /**
   * All that was stored of critiques, which this page learns late: what was said of them here meanwhile follows it, but for what is
   * among it by now.
   * @param {Rated[]} rated
   * @param {number} turn in which it can be undone
   */
  learnRatings(rated, turn) {
    for (const { label, chain } of rated) {
      const known = new Set(chain.map(({ client_uuid }) => client_uuid));
      const stored = chain.map((row) => ({ about: -label, after: sayingOf(row), at: Date.parse(row.at), turn: row.turn }));
      const rows = [...stored, ...this.rated.filter(({ about, after }) => about === -label && !known.has(after.client_uuid))];
      this.past = this.past.filter(([{ about }]) => about !== -label);
      putInto(this.past, pastOf(rows, turn));
      const last = rows.at(-1);
      if (last) this.said.set(-label, /** @type {Saying} */ (last.after));
    }
  }

  /** @param {number} number @param {Saying} after */
  heard(number, after) {
    if (number < 0) this.rated.push({ about: number, after, at: this.now() });
  }

  /** @param {number} number @returns {Saying} what stands on a step; nothing is an empty verdict */
  of(number) {
    return this.said.get(number) ?? NOTHING;
  }

  /**
   * Changes what stands, as one thing to undo.
   * @param {Change[]} changes those that change nothing are left out
   * @returns {LabelBody[]} the rows that say so, in the order in which they are to be stored
   */
  say(changes) {
    const real = changes.filter((change) => differs(this.of(change.number), change));
    const at = this.now();
    if (real.length) this.past.push(real.map(({ number }) => ({ about: number, before: this.of(number), at })));
    return real.map((change) => this.follow(change));
  }

  /**
   * Writes a step of one's own, as one thing to undo.
   * @param {OwnStep} own an empty text takes back what was written there
   */
  write(own) {
    this.past.push([{ about: placeOf(own), before: this.ownAt(own), at: this.now() }]);
    this.own.set(placeOf(own), own);
  }

  /** @param {{parent: number, instead_of: number | null}} place @returns {OwnStep} what stands there; nothing has no text */
  ownAt({ parent, instead_of }) {
    return this.own.get(placeOf({ parent, instead_of })) ?? { parent, instead_of, text: "", client_uuid: "" };
  }

  /**
   * The turn is to end otherwise.
   * @param {Ending} before how it was to end
   * @param {boolean} isAlone false where it goes with what was said last, as one thing to undo
   */
  end(before, isAlone) {
    /** @type {Changed} */
    const change = { about: ENDING, before, at: this.now() };
    if (isAlone) this.past.push([change]);
    else this.past.at(-1)?.push(change);
  }

  /** @returns {{before: Ending, isAlone: boolean} | null} the ending that the last change replaced; null where it replaced none. Not alone: more is to be undone of it */
  undoEnd() {
    const changes = this.past.at(-1);
    const at = changes?.findIndex(({ about }) => about === ENDING) ?? -1;
    if (!changes || at < 0) return null;
    const [{ before }] = changes.splice(at, 1);
    if (!changes.length) this.past.pop();
    return { before: /** @type {Ending} */ (before), isAlone: !changes.length };
  }

  /** @returns {OwnStep | null} the row that restores what stood where a step was written last; null where that was not the last change */
  undoOwn() {
    const [last] = this.past.at(-1) ?? [];
    if (typeof last?.about !== "string") return null;
    this.past.pop();
    const own = { .../** @type {OwnStep} */ (last.before), client_uuid: newUuid() };
    this.own.set(last.about, own);
    return own;
  }

  /** @returns {LabelBody[] | null} the rows that restore what stood before the last change, which was no step of one's own; null where there was none */
  undo() {
    const last = this.past.pop();
    return last?.map(({ about, before }) => this.follow({ .../** @type {Saying} */ (before), number: /** @type {number} */ (about) })) ?? null;
  }

  /**
   * A row that was made elsewhere, or before this page was loaded, stands now.
   * @param {number} number
   * @param {Partial<Saying> & {client_uuid: string}} row
   */
  take(number, row) {
    const before = this.of(number);
    if (before.client_uuid === row.client_uuid) return;
    const after = sayingOf(row);
    stack(this.past, { about: number, before, at: this.now() }, after);
    this.said.set(number, after);
    this.heard(number, after);
  }

  /** As `take`, of a step of one's own. @param {OwnStep} own */
  takeOwn({ parent, instead_of, text, client_uuid }) {
    const before = this.ownAt({ parent, instead_of });
    if (before.client_uuid === client_uuid) return;
    const after = { parent, instead_of, text, client_uuid };
    stack(this.past, { about: placeOf(after), before, at: this.now() }, after);
    this.own.set(placeOf(after), after);
  }

  /**
   * Rows that came to nothing: what stood before them stands again, and they are not there to be undone.
   * @param {number} number
   * @param {string[]} uuids
   */
  giveUp(number, uuids) {
    this.rated = this.rated.filter(({ after }) => !uuids.includes(after.client_uuid));
    this.said.set(number, this.without(number, this.of(number), uuids));
  }

  /** As `giveUp`, of a step of one's own. @param {OwnStep} own @param {string[]} uuids */
  giveUpOwn(own, uuids) {
    this.own.set(placeOf(own), this.without(placeOf(own), this.ownAt(own), uuids));
  }

  /**
   * Takes rows that came to nothing out of the past.
   * @template {{client_uuid: string}} T
   * @param {number | string} about
   * @param {T} now what stands there
   * @param {string[]} uuids
   * @returns {T} what stands without them
   */
  without(about, now, uuids) {
    const past = /** @type {{about: number | string, before: any}[]} */ (this.past.flat().filter((change) => change.about === about));
    const isGone = (/** @type {number} */ at) => uuids.includes((past[at + 1]?.before ?? now).client_uuid);
    const gone = new Set(past.filter((_, at) => isGone(at)));
    this.past = this.past.map((changes) => changes.filter((change) => !gone.has(change))).filter((changes) => changes.length);
    if (gone.size) return [...gone][0].before;
    // What undid one of them says what stood before as well, and is gone itself.
    return uuids.includes(now.client_uuid) ? { ...now, client_uuid: "" } : now;
  }

  /** @param {Change} change @returns {LabelBody} */
  follow({ number, ...change }) {
    const before = this.of(number);
    /** @type {Saying} */
    const next = { ...before, ...change, client_uuid: newUuid() };
    this.said.set(number, next);
    this.heard(number, next);
    return { number, ...next, replaces: before.client_uuid || null, prelabel: this.prelabels.get(number) ?? "" };
  }
}

/** @param {Saying} saying @param {Change} change */
function differs(saying, { verdict, flagged, critique, chosen, reason }) {
  const asked = { verdict, flagged, critique, chosen, reason };
  return Object.entries(asked).some(([name, value]) => value !== undefined && value !== saying[/** @type {keyof Saying} */ (name)]);
}
