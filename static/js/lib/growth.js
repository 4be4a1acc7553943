/**
 * A tree and what became of it since, to the tree as it is now. Refuses a delta that does not follow from the tree, and
 * leaves the tree as it was then.
 * @module
 */

import { CHECKED, NotATree } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {import("./columns.js").Header} Header */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {Uint32Array | Uint16Array | Uint8Array | Float32Array} Values */

/** Room is added for half as much again, so that a tree that grows step by step is copied seldom. */
const ROOM = 1.5;

/**
 * The tree with the rows of a delta: added steps, and steps as they are now. Applied twice, or late, it changes nothing.
 *
 * The new tree shares its arrays' memory with the one given, which is not to be used any more.
 * @param {Tree} tree
 * @param {Header} header of the delta: `after` is the event up to which the tree must be known
 * @param {Map<string, Column>} columns those of a tree, and `number`: which step each row is
 * @returns {Tree} the very tree given where the delta is older than it
 */
export function applied(tree, header, columns) {
  const after = header.after ?? 0;
  if (after > tree.header.seq) throw new NotATree(`The change follows event ${after}, the tree is known up to event ${tree.header.seq}.`);
  if (header.seq < tree.header.seq) return tree;
  const rows = rowsOf(tree, header, columns);
  const count = Math.max(tree.count, rows.last);
  const grown = withRoom(tree, count);
  for (let row = 0; row < rows.numbers.length; row++) write(grown, rows, row, tree.count);
  return { ...grown, count, header: { ...header, count } };
}

/**
 * The numbers of a delta's steps, in its order: what anything that is kept of them has to be asked for again.
 * @param {Map<string, Column>} columns
 * @returns {number[]}
 */
export function changedBy(columns) {
  return [...(columns.get("number") ?? [])];
}

/** @typedef {{numbers: Column, column: (name: string) => Column, last: number}} Rows */

/**
 * The rows of a delta, checked against the tree before anything is written.
 * @param {Tree} tree
 * @param {Header} header
 * @param {Map<string, Column>} columns
 * @returns {Rows}
 */
function rowsOf(tree, header, columns) {
  for (const name of ["number", ...CHECKED]) {
    const length = columns.get(name)?.length;
    if (length !== header.count) throw new NotATree(`Column ${name} of a change: expected ${header.count} rows, found ${length ?? "none"}.`);
  }
  /** @param {string} name */
  const column = (name) => /** @type {Column} */ (columns.get(name));
  const [numbers, parents, depths] = ["number", "parent", "depth"].map(column);
  /** @type {Map<number, number>} */
  const born = new Map();
  let last = tree.count;
  for (let row = 0; row < numbers.length; row++) {
    const [number, parent, depth] = [numbers[row], parents[row], depths[row]];
    if (number < 1 || number > last + 1) throw new NotATree(`The change names step ${number}, but step ${last + 1} is not known yet.`);
    if (number <= tree.count) {
      if (parent !== tree.parent[number]) throw new NotATree(`The change moves step ${number} from step ${tree.parent[number]} to step ${parent}.`);
      continue;
    }
    if (parent >= number) throw new NotATree(`Step ${number} names step ${parent} as its parent, which is not born before it.`);
    const above = parent <= tree.count ? tree.depth[parent] : born.get(parent);
    if (depth !== (above ?? -1) + 1) throw new NotATree(`Step ${number} stands at depth ${depth}, its parent ${parent} at ${above}.`);
    born.set(number, depth);
    last = Math.max(last, number);
  }
  return { numbers, column, last };
}

/**
 * @param {Tree} tree
 * @param {Rows} rows
 * @param {number} row
 * @param {number} known how many steps there were before
 */
function write(tree, { numbers, column }, row, known) {
  const number = numbers[row];
  tree.pruned[number] = column("pruned")[row];
  tree.tokens[number] = column("tokens")[row];
  tree.entropy[number] = column("entropy")[row];
  tree.score[number] = column("score")[row];
  tree.flags[number] = column("flags")[row];
  if (number <= known) return;
  const parent = column("parent")[row];
  tree.parent[number] = parent;
  tree.depth[number] = column("depth")[row];
  tree.born[number] = column("born")[row];
  // Steps are numbered in order of birth, so a new one is the last of its siblings.
  if (tree.lastChild[parent]) tree.nextSibling[tree.lastChild[parent]] = number;
  else tree.firstChild[parent] = number;
  tree.lastChild[parent] = number;
}

/**
 * @param {Tree} tree
 * @param {number} count
 * @returns {Tree}
 */
function withRoom(tree, count) {
  const length = count + 1;
  return {
    ...tree,
    parent: widened(tree.parent, length, 0),
    firstChild: widened(tree.firstChild, length, 0),
    lastChild: widened(tree.lastChild, length, 0),
    nextSibling: widened(tree.nextSibling, length, 0),
    depth: widened(tree.depth, length, 0),
    born: widened(tree.born, length, 0),
    pruned: widened(tree.pruned, length, 0),
    tokens: widened(tree.tokens, length, 0),
    entropy: widened(tree.entropy, length, NaN),
    score: widened(tree.score, length, NaN),
    flags: widened(tree.flags, length, 0),
  };
}

/**
 * A view of `length` entries on the same memory, or where that ends, on a roomier copy.
 * @template {Values} T
 * @param {T} values
 * @param {number} length
 * @param {number} empty what stands in the room
 * @returns {T}
 */
function widened(values, length, empty) {
  if (length === values.length) return values;
  const Kind = /** @type {any} */ (values.constructor);
  if (length * values.BYTES_PER_ELEMENT <= values.buffer.byteLength) return new Kind(values.buffer, 0, length);
  const room = new Kind(Math.ceil(length * ROOM));
  if (empty) room.fill(empty);
  room.set(values);
  return room.subarray(0, length);
}
