/**
 * What colours the steps and does not come with the tree: which numbers there are, each fetched when it is to be seen, and
 * after that only what has come since. Colours nothing.
 * @module
 */

import { readColumns } from "../lib/columns.js";
import { VisitFold } from "../lib/visits.js";
import { getColumns, getJson } from "./api.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../overlays/index.js").Entry} Entry */

/** Room for half as much again, so that a tree that grows step by step is copied seldom. */
const ROOM = 1.5;

export class OverlayData {
  /** @param {{overlays: string, visits: string}} paths of the API */
  constructor(paths) {
    this.paths = paths;
    /** @type {readonly Entry[]} */
    this.catalogue = [];
    /** @type {Map<string, StepColumn>} */
    this.columns = new Map();
    this.simulations = new Simulations(paths.visits);
  }

  /** @returns {Promise<boolean>} whether it is another one than before */
  async loadCatalogue() {
    const before = keysOf(this.catalogue);
    this.catalogue = (await getJson(this.paths.overlays)).overlays;
    return keysOf(this.catalogue) !== before;
  }

  /** @param {string} key */
  column = (key) => {
    const known = this.columns.get(key) ?? new StepColumn(`${this.paths.overlays}/${key}`);
    this.columns.set(key, known);
    return known;
  };

  /** Asks for what has come since, of all that was fetched before. */
  async refresh() {
    const fetched = [...this.columns.values(), this.simulations].filter(({ isLoaded }) => isLoaded);
    await Promise.all(fetched.map((one) => one.refresh()));
  }
}

/** @param {readonly Entry[]} catalogue */
function keysOf(catalogue) {
  return catalogue.map(({ key }) => key).join();
}

/** One number a step. */
class StepColumn {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    this.values = new Float32Array(1).fill(NaN);
    /** The event up to which it is known. @type {number | null} */
    this.seq = null;
    /** @type {Promise<void> | null} */
    this.asking = null;
  }

  get isLoaded() {
    return this.seq !== null;
  }

  /** @param {number} count @returns {Float32Array} at least so many steps long; another one whenever something has changed */
  upTo(count) {
    if (this.values.length <= count) this.values = roomier(this.values, count + 1);
    return this.values;
  }

  async load() {
    if (!this.isLoaded) await this.refresh();
  }

  /** One request at a time; asked twice it is the same one. */
  refresh() {
    this.asking ??= this.fetch().finally(() => (this.asking = null));
    return this.asking;
  }

  async fetch() {
    const { header, columns } = readColumns(await getColumns(this.seq === null ? this.path : `${this.path}?after=${this.seq}`));
    const [numbers, given] = [columns.get("number"), columns.get("value")];
    if (!numbers || !given) throw new Error(`Expected the columns number and value of ${this.path}, found ${[...columns.keys()].join(", ")}.`);
    this.seq = header.seq;
    if (!numbers.length) return;
    let longest = 0;
    for (const number of numbers) longest = Math.max(longest, number);
    this.values = longest < this.values.length ? this.values.slice() : roomier(this.values, longest + 1);
    for (let row = 0; row < numbers.length; row++) this.values[numbers[row]] = given[row];
  }
}

/** @param {Float32Array} values @param {number} length */
function roomier(values, length) {
  const made = new Float32Array(Math.ceil(length * ROOM)).fill(NaN);
  made.set(values);
  return made;
}

/** The simulations of a tree search: a fold up the branches needs every one of them. */
class Simulations {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    /** @type {import("../lib/visits.js").Rows} */
    this.rows = EMPTY;
    this.fold = foldsOf(EMPTY);
    this.isLoaded = false;
    /** @type {Promise<void> | null} */
    this.asking = null;
  }

  /**
   * @param {Tree} tree
   * @param {number | null} cursor
   */
  at(tree, cursor) {
    // Two folds: the one of the end gives the scale, and must not be folded anew in every frame of a replay.
    return cursor === null ? this.fold.end.at(tree, null) : this.fold.then.at(tree, cursor);
  }

  async load() {
    if (!this.isLoaded) await this.refresh();
  }

  refresh() {
    this.asking ??= this.fetch().finally(() => (this.asking = null));
    return this.asking;
  }

  async fetch() {
    const after = this.rows.seq.length ? this.rows.seq[this.rows.seq.length - 1] : 0;
    const { header, columns } = readColumns(await getColumns(after ? `${this.path}?after=${after}` : this.path));
    const [seq, number, value] = ["seq", "number", "value"].map((name) => columns.get(name));
    if (!seq || !number || !value) throw new Error(`Expected the columns seq, number and value, found ${[...columns.keys()].join(", ")}.`);
    const returns = /** @type {{returns?: (number[] | null)[] | null}} */ (/** @type {unknown} */ (header)).returns ?? null;
    this.isLoaded = true;
    if (!seq.length) return;
    this.rows = after ? joined(this.rows, { seq, number, value, returns }) : { seq, number, value, returns };
    this.fold = foldsOf(this.rows);
  }
}

const EMPTY = { seq: [], number: [], value: [], returns: null };

/** @param {import("../lib/visits.js").Rows} rows */
function foldsOf(rows) {
  return { end: new VisitFold(rows), then: new VisitFold(rows) };
}

/**
 * @param {import("../lib/visits.js").Rows} before
 * @param {import("../lib/visits.js").Rows} later
 * @returns {import("../lib/visits.js").Rows}
 */
function joined(before, later) {
  /** @param {"seq" | "number" | "value"} name */
  const both = (name) => [...Array.from(before[name]), ...Array.from(later[name])];
  /** @param {import("../lib/visits.js").Rows} rows */
  const credits = ({ returns, seq }) => returns ?? Array.from({ length: seq.length }, () => null);
  const returns = before.returns || later.returns ? [...credits(before), ...credits(later)] : null;
  return { seq: both("seq"), number: both("number"), value: both("value"), returns };
}
