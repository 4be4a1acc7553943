/**
 * The decisions of a search out of its events, and between which steps each was made. It knows nothing of time, and writes no
 * sentence.
 *
 * A decision is something the strategy did with steps that were there: gave some up (prune), took one (choose), ended a
 * simulation at one (visit), drew some again and dropped the copies (repeat), or came to the end of its budget (budget). All
 * that one move decides is one decision, named for the first of prune, repeat, budget that it holds; but every choice and every
 * simulation is one by itself. Where no moves are known (imports), neighbouring prunes are one decision. A decision stands at the
 * last of its events; births, scores and answers are time in between.
 *
 * Its candidates, in order of number:
 * - prune: the steps given up, and their rivals: the open steps born since the last prune or choice, or where there are none
 *   the open siblings of those given up. A rival has ended its text or not as one of those given up has: a finished branch does
 *   not compete with those that go on.
 * - choose: the step taken, and all open steps that have ended their text.
 * - visit: the branch down to where the simulation ended. - repeat: the steps drawn again. - budget: none.
 *
 * Open is a step without children and not given up, as of the decision's first event.
 * @module
 */

import { branchOf, childrenOf, TERMINAL } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {import("./event_columns.js").Events} Events */
/** @typedef {"prune" | "choose" | "visit" | "repeat" | "budget"} What */
/** @typedef {{what: What, first: number, last: number, move: number}} Decision first, last: seq of its events */

/** @type {Record<string, What>} */
const DECIDING = {
  "step-pruned": "prune",
  "answer-chosen": "choose",
  "step-revisited": "visit",
  "step-repeated": "repeat",
  "budget-spent": "budget",
};
/** Who names a decision that holds several. */
const ORDER = ["prune", "repeat", "budget"];
/** Each of these is a decision by itself. */
const ALONE = new Set(["choose", "visit"]);

export class Decisions {
  constructor() {
    /** @type {Decision[]} in order of time */
    this.list = [];
    /** So many events are read. */
    this.read = 0;
  }

  get count() {
    return this.list.length;
  }

  /**
   * Takes in the events that came since; a decision under way may get longer by them.
   * @param {Events} events
   */
  take(events) {
    const whats = events.kinds.map((kind) => DECIDING[kind]);
    const { kind, move } = events;
    for (; this.read < events.count; this.read++) {
      const what = whats[kind[this.read]];
      if (what) this.add(what, this.read + 1, move[this.read]);
    }
  }

  /** @param {What} what @param {number} seq @param {number} move */
  add(what, seq, move) {
    const before = this.list[this.list.length - 1];
    if (before && belongs(before, what, seq, move)) {
      before.last = seq;
      if (ORDER.indexOf(what) < ORDER.indexOf(before.what)) before.what = what;
    } else {
      this.list.push({ what, first: seq, last: seq, move });
    }
  }

  /**
   * How many decisions had been made by an event: the place of the last of them, counted from 1; 0 before the first.
   * @param {number | null} seq null for all
   */
  madeBy(seq) {
    if (seq === null) return this.count;
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.list[middle].last <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The decision that stands at this very event.
   * @param {number | null} seq
   * @returns {Decision | null}
   */
  at(seq) {
    const made = this.list[this.madeBy(seq) - 1];
    return made && made.last === seq ? made : null;
  }

  /**
   * The event after which the steps were born among which a decision was made.
   * @param {number} place counted from 1
   */
  since(place) {
    for (let at = place - 2; at >= 0; at--) {
      if (this.list[at].what === "prune" || this.list[at].what === "choose") return this.list[at].last;
    }
    return 0;
  }
}

/** @param {Decision} before @param {What} what @param {number} seq @param {number} move */
function belongs(before, what, seq, move) {
  if (ALONE.has(what) || ALONE.has(before.what) || before.move !== move) return false;
  return move > 0 || (before.what === what && before.last === seq - 1);
}

/**
 * The steps that the events of a decision name, each once, in the order of the events.
 * @param {Events} events
 * @param {Decision} decision
 * @param {string} kind of event
 */
export function namedBy(events, { first, last }, kind) {
  const wanted = events.kinds.indexOf(kind);
  /** @type {Set<number>} */
  const found = new Set();
  for (let row = first - 1; row < last; row++) if (events.kind[row] === wanted) found.add(events.number[row]);
  return [...found];
}

/**
 * @param {Tree} tree
 * @param {Events} events
 * @param {Decisions} decisions
 * @param {number} place of the decision, counted from 1
 * @returns {number[]} rising
 */
export function candidatesOf(tree, events, decisions, place) {
  const decision = decisions.list[place - 1];
  if (decision.what === "prune") return amongPruned(tree, namedBy(events, decision, "step-pruned"), decision, decisions.since(place));
  if (decision.what === "choose") return amongEnded(tree, events.number[decision.first - 1], decision);
  if (decision.what === "visit") return branchOf(tree, events.number[decision.first - 1]);
  return decision.what === "repeat" ? namedBy(events, decision, "step-repeated").sort(rising) : [];
}

/**
 * @param {Tree} tree
 * @param {number[]} pruned
 * @param {Decision} decision
 * @param {number} since
 */
function amongPruned(tree, pruned, { first, last }, since) {
  const given = new Set(pruned);
  const ends = new Set(pruned.map((step) => tree.flags[step] & TERMINAL));
  const isRival = (/** @type {number} */ step) => !given.has(step) && isOpen(tree, step, first, last) && ends.has(tree.flags[step] & TERMINAL);
  let rivals = bornBetween(tree, since, first).filter(isRival);
  if (!rivals.length) {
    const parents = new Set(pruned.map((step) => tree.parent[step]));
    rivals = [...parents].flatMap((parent) => childrenOf(tree, parent)).filter(isRival);
  }
  return [...pruned, ...rivals].sort(rising);
}

/**
 * @param {Tree} tree
 * @param {number} chosen
 * @param {Decision} decision
 */
function amongEnded(tree, chosen, { first, last }) {
  const isEnded = (/** @type {number} */ step) => step === chosen || (Boolean(tree.flags[step] & TERMINAL) && isOpen(tree, step, first, last));
  return bornBetween(tree, 0, first).filter(isEnded);
}

/**
 * Whether a step was there at `first` without children, and not given up by `last`.
 * @param {Tree} tree
 * @param {number} step
 * @param {number} first
 * @param {number} last
 */
function isOpen({ born, pruned, firstChild }, step, first, last) {
  const child = firstChild[step];
  return born[step] < first && (!child || born[child] > first) && (!pruned[step] || pruned[step] > last);
}

/** @param {Tree} tree @param {number} after @param {number} before @returns {number[]} steps born after one event and before another */
function bornBetween(tree, after, before) {
  const found = [];
  for (let step = bornBy(tree, after) + 1; step <= tree.count && tree.born[step] < before; step++) found.push(step);
  return found;
}

/**
 * How many steps had been born by an event: steps are numbered in order of birth, so it is the last of them too.
 * @param {Tree} tree
 * @param {number | null} seq null for all
 */
export function bornBy({ born, count }, seq) {
  if (seq === null) return count;
  let [low, high] = [1, count + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (born[middle] <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @param {number} a @param {number} b */
function rising(a, b) {
  return a - b;
}
