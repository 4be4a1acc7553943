/**
 * The events of a run as columns: row i is event i + 1. Takes later events in behind those it has, and refuses events that
 * do not follow them.
 * @module
 */

import { NotColumns } from "./columns.js";

/** @typedef {import("./columns.js").Column | Float64Array} Values */
/** @typedef {import("./columns.js").MakerName} MakerName */

/**
 * Arrays hold at least `count` rows; what stands behind is room.
 * @typedef {object} Events
 * @property {number} count events, and so the seq of the last
 * @property {string[]} kinds
 * @property {MakerName[]} makers
 * @property {Uint8Array} kind index into kinds
 * @property {Uint32Array} number the step, 0 where there is none
 * @property {Uint32Array} move of the strategy, 0 for none
 * @property {Uint32Array} tokens generated so far, repeats included
 * @property {Float32Array} value of a score, NaN for all else
 * @property {Uint8Array} maker index into makers, 255 for none
 * @property {Float64Array} at seconds since the first event
 */

const NO_MAKER = 255;
const ROOM = 1.5;
const NAMES = /** @type {const} */ (["kind", "number", "move", "tokens", "value", "maker", "at"]);

/** @returns {Events} of a run of which nothing is known yet */
export function noEvents() {
  return {
    count: 0,
    kinds: [],
    makers: [],
    kind: new Uint8Array(0),
    number: new Uint32Array(0),
    move: new Uint32Array(0),
    tokens: new Uint32Array(0),
    value: new Float32Array(0),
    maker: new Uint8Array(0),
    at: new Float64Array(0),
  };
}

/**
 * Those known and, behind them, those of a document that begins after `after`. What the document repeats is passed over.
 * @param {Events} known
 * @param {number} after
 * @param {{count: number, kinds: string[], makers: MakerName[]}} header
 * @param {Map<string, Values>} columns
 * @returns {Events} the very events given where the document adds none
 */
export function extended(known, after, header, columns) {
  if (after > known.count) throw new NotColumns(`The events follow event ${after}, but only ${known.count} are known.`);
  for (const name of NAMES) {
    const length = columns.get(name)?.length;
    if (length !== header.count) throw new NotColumns(`Column ${name} of events: expected ${header.count} rows, found ${length ?? "none"}.`);
  }
  const skipped = known.count - after;
  const count = after + header.count;
  if (count <= known.count) return known;
  const kinds = merged(known.kinds, header.kinds, (kind) => kind);
  const makers = merged(known.makers, header.makers, (maker) => JSON.stringify([maker.kind, maker.key, maker.version, maker.revision]));
  /** @type {any} */
  const grown = { count, kinds: kinds.all, makers: makers.all };
  for (const name of NAMES) {
    const added = /** @type {Values} */ (columns.get(name)).subarray(skipped);
    const places = name === "kind" ? kinds.places : name === "maker" ? makers.places : null;
    grown[name] = behind(known[name], known.count, places ? placed(added, places) : added);
  }
  return grown;
}

/**
 * A list and what another adds to it; places: where the other's entries stand in the whole.
 * @template T
 * @param {T[]} known
 * @param {T[]} given
 * @param {(entry: T) => string} nameOf
 */
function merged(known, given, nameOf) {
  const all = [...known];
  const names = all.map(nameOf);
  const places = given.map((entry) => {
    const name = nameOf(entry);
    const at = names.indexOf(name);
    if (at >= 0) return at;
    all.push(entry);
    return names.push(name) - 1;
  });
  return { all, places };
}

/** @param {Values} values @param {number[]} places */
function placed(values, places) {
  if (places.every((place, at) => place === at)) return values;
  return values.map((value) => (value === NO_MAKER ? NO_MAKER : places[value]));
}

/**
 * Values with others behind their first `count`. The first document is taken as it is, without a copy; later ones go into
 * room for half as much again, so that a run that grows event by event is copied seldom.
 * @param {Values} values
 * @param {number} count
 * @param {Values} added
 * @returns {Values}
 */
function behind(values, count, added) {
  if (!count) return added;
  const length = count + added.length;
  let whole = values;
  if (length > values.length) {
    whole = new /** @type {any} */ (values.constructor)(Math.ceil(length * ROOM));
    whole.set(values.subarray(0, count));
  }
  whole.set(added, count);
  return whole;
}

/**
 * The last event up to a moment counted in events, as a row; −1 before the first.
 * @param {Events} events
 * @param {number | null} seq null for all that is known
 */
function rowUpTo(events, seq) {
  return Math.min(seq ?? events.count, events.count) - 1;
}

/**
 * What a run had cost by an event.
 * @param {Events} events
 * @param {number | null} seq null for all that is known
 * @returns {{tokens: number, seconds: number}} tokens generated; seconds since the first event
 */
export function costAt(events, seq) {
  const row = rowUpTo(events, seq);
  return row < 0 ? { tokens: 0, seconds: 0 } : { tokens: events.tokens[row], seconds: events.at[row] };
}
