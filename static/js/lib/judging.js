/**
 * What one person has said of the steps of one turn: what stands, the rows that follow from each change, and undo without
 * limit. It keeps time of nothing, shows nothing and sends nothing.
 * @module
 */

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
/** @typedef {{number: number} & Partial<Omit<Saying, "client_uuid">>} Change what is to stand on a step instead; what is left out stays */
/** @typedef {{number: number, replaces: string | null, prelabel: Verdict | ""} & Saying} LabelBody as it is sent */

/** @typedef {{number: number, label: number, text: string}} Critique what another wrote against a step; what is said of it stands at minus `label` */

/** @typedef {{label: number, chain: {verdict: Verdict | "", client_uuid: string, at: string, turn: number | null}[]}} Rated all the reader said of a critique */

/**
 * @typedef {({about: number, before: Saying} | {about: string, before: OwnStep}) & {at?: number}} Changed what stood, on a step or where one's own is
 *   written; at: when it was changed, in ms, where that was before this page was loaded
 */

/** @type {Saying} */
const NOTHING = { verdict: "", client_uuid: "", reason: "", flagged: false, critique: "", chosen: null, seconds: null };

/** @param {Turn} turn @returns {Step[]} every step it shows, alternatives and levels included, each once */
export function stepsOf(turn) {
  /** @type {Map<number, Step>} */
  const found = new Map();
  const add = (/** @type {Step} */ step) => {
    if (!found.has(step.number)) found.set(step.number, step);
    for (const other of step.alternatives ?? []) add(other);
  };
  for (const step of [...turn.steps, ...(turn.levels ?? []).flatMap((level) => level.steps)]) add(step);
  return [...found.values()];
}

/** @param {{parent: number, instead_of: number | null}} own @returns {string} where it is written; one step stands there at most */
function placeOf({ parent, instead_of }) {
  return `${parent}/${instead_of ?? ""}`;
}

export class Judging {
  /** @param {Turn} turn */
  constructor(turn) {
    this.prelabels = new Map(stepsOf(turn).map((step) => [step.number, step.prelabel]));
    /** @type {Said} */
    this.said = new Map();
    /** Steps of one's own as they stand, by place; what was taken back has no text. @type {Map<string, OwnStep>} */
    this.own = new Map([...turn.own_steps, ...(turn.own_chain ?? [])].map((own) => [placeOf(own), own]));
    /** What each change replaced, the last one at the end; several steps may have changed at once. @type {Changed[][]} */
    this.past = pastOf(rowsOf(turn), turn.id);
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
    this.past.unshift(...past.filter((changes) => changes.every(({ about }) => typeof about === "number" && isNew(about))));
    for (const [number, saying] of said) if (isNew(number) && !this.said.has(number)) this.said.set(number, saying);
    for (const [number, verdict] of prelabels) this.prelabels.set(number, verdict);
  }

  /** What was said in another turn stands here too, and is undone there. @param {number} number @param {Partial<Saying> & {client_uuid: string}} row */
  know(number, row) {
    this.said.set(number, sayingOf(row));
  }

  /**
   * What was said of critiques before this page knew of them, each at its time between what is known; it is older than all that was
   * said here.
   * @param {Rated[]} rated
   * @param {number} turn in which it can be undone
   */
  learnRatings(rated, turn) {
    const rows = rated.flatMap(({ label, chain }) => this.olderThanHere(-label, chain));
    for (const changes of pastOf(rows, turn)) {
      const later = this.past.findIndex(([{ at }]) => (at ?? Infinity) > (changes[0].at ?? 0));
      this.past.splice(later < 0 ? this.past.length : later, 0, changes);
    }
  }

  /**
   * The rows of one critique that this page did not know, which what was said of it here follows.
   * @param {number} about
   * @param {Rated["chain"]} chain
   * @returns {StoredRow[]}
   */
  olderThanHere(about, chain) {
    const here = /** @type {{about: number, before: Saying}[]} */ (this.past.flat().filter((change) => change.about === about));
    const known = new Set([this.of(about), ...here.map(({ before }) => before)].map(({ client_uuid }) => client_uuid));
    const rows = chain.filter(({ client_uuid }) => !known.has(client_uuid)).map((row) => ({ about, after: sayingOf(row), at: row.at, turn: row.turn }));
    const newest = rows.at(-1)?.after;
    if (newest && here.length) here[0].before = newest;
    else if (newest) this.said.set(about, newest);
    return rows;
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
    if (real.length) this.past.push(real.map(({ number }) => ({ about: number, before: this.of(number) })));
    return real.map((change) => this.follow(change));
  }

  /**
   * Writes a step of one's own, as one thing to undo.
   * @param {OwnStep} own an empty text takes back what was written there
   */
  write(own) {
    this.past.push([{ about: placeOf(own), before: this.ownAt(own) }]);
    this.own.set(placeOf(own), own);
  }

  /** @param {{parent: number, instead_of: number | null}} place @returns {OwnStep} what stands there; nothing has no text */
  ownAt({ parent, instead_of }) {
    return this.own.get(placeOf({ parent, instead_of })) ?? { parent, instead_of, text: "", client_uuid: "" };
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
    stack(this.past, { about: number, before }, after);
    this.said.set(number, after);
  }

  /** As `take`, of a step of one's own. @param {OwnStep} own */
  takeOwn({ parent, instead_of, text, client_uuid }) {
    const before = this.ownAt({ parent, instead_of });
    if (before.client_uuid === client_uuid) return;
    const after = { parent, instead_of, text, client_uuid };
    stack(this.past, { about: placeOf(after), before }, after);
    this.own.set(placeOf(after), after);
  }

  /**
   * Rows that came to nothing: what stood before them stands again, and they are not there to be undone.
   * @param {number} number
   * @param {string[]} uuids
   */
  giveUp(number, uuids) {
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
    const left = (/** @type {Changed[]} */ changes) => (changes.some((change) => gone.has(change)) ? changes.filter((change) => !gone.has(change)) : changes);
    this.past = this.past.map(left).filter((changes) => changes.length);
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
    return { number, ...next, replaces: before.client_uuid || null, prelabel: this.prelabels.get(number) ?? "" };
  }
}

/**
 * What a row says, without what else is told of it, such as when it was stored: what is said next begins with this, and is refused
 * with anything more.
 * @param {Partial<Saying> & {client_uuid: string}} row
 * @returns {Saying}
 */
function sayingOf({ verdict, client_uuid, reason, flagged, critique, chosen, seconds }) {
  const given = Object.entries({ verdict, client_uuid, reason, flagged, critique, chosen, seconds }).filter(([, value]) => value !== undefined);
  return { ...NOTHING, ...Object.fromEntries(given) };
}

/** @param {Saying} saying @param {Change} change */
function differs(saying, { verdict, flagged, critique, chosen, reason }) {
  const asked = { verdict, flagged, critique, chosen, reason };
  return Object.entries(asked).some(([name, value]) => value !== undefined && value !== saying[/** @type {keyof Saying} */ (name)]);
}

/** @param {Saying | OwnStep} one @param {Saying | OwnStep} other */
function isSame(one, other) {
  if ("text" in one || "text" in other) return "text" in one && "text" in other && one.text === other.text;
  return one.verdict === other.verdict && one.flagged === other.flagged && one.critique === other.critique && one.chosen === other.chosen;
}

/**
 * A row that says again what stood before the one it follows took it back: what lies before both is undone next.
 * @param {Changed[][]} past
 * @param {Changed} changed
 * @param {Saying | OwnStep} after
 */
function stack(past, changed, after) {
  let at = past.length - 1;
  while (at >= 0 && !past[at].some(({ about }) => about === changed.about)) at--;
  if (at >= 0 && past[at].length === 1 && isSame(past[at][0].before, after)) past.splice(at, 1);
  else past.push([changed]);
}

/** @typedef {{about: number | string, after: Saying | OwnStep, at?: string | undefined, turn?: number | null | undefined}} StoredRow */

/** @param {Turn} turn @returns {StoredRow[]} all that was stored of its steps, of each in its order */
function rowsOf(turn) {
  const labels = stepsOf(turn).flatMap(({ number, chain }) => (chain ?? []).map((row) => ({ about: number, after: sayingOf(row), at: row.at, turn: row.turn })));
  const written = (turn.own_chain ?? []).map((own) => ({ about: placeOf(own), after: own, at: own.at, turn: own.turn }));
  return [...labels, ...written];
}

/** What was said in other turns is undone there. @param {StoredRow[]} stored @param {number} turn @returns {Changed[][]} */
function pastOf(stored, turn) {
  const timed = stored.map((row) => ({ ...row, at: Date.parse(row.at ?? "") || 0 }));
  // Within a step rows come in their order, which a stable sort keeps where two were stored at one time.
  const rows = timed.sort((one, other) => one.at - other.at);
  /** @type {Changed[][]} */
  const past = [];
  /** @type {Map<number | string, Saying | OwnStep>} */
  const said = new Map();
  for (const { about, after, at, turn: givenIn } of rows) {
    const none = typeof about === "number" ? NOTHING : { ...after, text: "", client_uuid: "" };
    const changed = /** @type {Changed} */ ({ about, before: said.get(about) ?? none, at });
    if (givenIn === undefined || givenIn === turn) stack(past, changed, after);
    said.set(about, after);
  }
  return past;
}
