/**
 * An overlay whose values are kinds and not numbers: the value of a step is the place of its kind in the list. It decides
 * nothing about which.
 * @module
 */

/** @typedef {import("./index.js").Overlay} Overlay */
/** @typedef {import("../lib/tree.js").Tree} Tree */

/**
 * @param {object} parts
 * @param {string} parts.key also the name of its colours (lib/kinds.js)
 * @param {string} parts.name
 * @param {string} parts.group
 * @param {readonly import("../lib/kinds.js").Kind[]} parts.kinds
 * @param {string} parts.legend
 * @param {string} [parts.without] what a step of no kind is called
 * @param {(tree: Tree) => Float32Array} parts.values
 * @returns {Overlay}
 */
export function ofKinds({ key, name, group, kinds, legend, without = "", values }) {
  return {
    key,
    name,
    group,
    kinds,
    without,
    scale: () => key,
    showsScores: false,
    values: (tree) => values(tree),
    domain: () => ({ low: 0, middle: (kinds.length - 1) / 2, high: kinds.length - 1 }),
    legend: () => legend,
    format: (value) => kinds[value]?.glyph ?? "",
  };
}
