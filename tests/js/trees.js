/** Makes trees for the tests of lib: from a list of parents, or grown at random from a seed. */

import { treeOf } from "../../static/js/lib/tree.js";

/** A small generator of repeatable numbers below 1 (mulberry32), since Math.random takes no seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function columnsOf(parents, { score = [], flags = [], pruned = [], born = [] } = {}) {
  const depth = [0];
  parents.forEach((parent, at) => (depth[at + 1] = (depth[parent] ?? 0) + 1));
  const count = parents.length;
  return new Map([
    ["parent", Uint32Array.from(parents)],
    ["born", Uint32Array.from(parents, (_, at) => born[at] ?? at + 1)],
    ["pruned", Uint32Array.from(parents, (_, at) => pruned[at] ?? 0)],
    ["depth", Uint16Array.from(depth.slice(1))],
    ["tokens", new Uint16Array(count)],
    ["entropy", new Float32Array(count).fill(NaN)],
    ["score", Float32Array.from(parents, (_, at) => score[at] ?? NaN)],
    ["flags", Uint8Array.from(parents, (_, at) => flags[at] ?? 0)],
  ]);
}

export function headerOf(count, chosen = null) {
  return { count, columns: [], sha256: "", run: 1, seq: 0, chosen, scorer: null };
}

export function treeFrom(parents, { chosen = null, ...rest } = {}) {
  return treeOf(headerOf(parents.length, chosen), columnsOf(parents, rest));
}

export function randomTree(seed, count) {
  const random = randomFrom(seed);
  const reach = 1 + Math.floor(random() * 40);
  return treeFrom(Array.from({ length: count }, (_, at) => Math.max(0, at - Math.floor(random() * reach))));
}
