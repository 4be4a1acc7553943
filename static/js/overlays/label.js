/**
 * The verdict on a step as a kind: one's own before the one that stands. Nobody's verdict is none of its values.
 * @module
 */

import { VERDICTS } from "../lib/format.js";
import { LABELS } from "../lib/kinds.js";
import { ofKinds } from "./of_kinds.js";

/** @typedef {import("../lib/format.js").Verdict} Verdict */

/**
 * @param {import("./labels.js").Labels} labels
 * @returns {import("./index.js").Overlay}
 */
export function label(labels) {
  const places = new Map(Object.keys(VERDICTS).map((verdict, place) => [verdict, place]));
  let made = { revision: -1, values: new Float32Array(0) };
  return ofKinds({
    key: "label",
    name: "Label",
    group: "Outcome",
    kinds: LABELS,
    legend: "your verdict, else the one that stands",
    without: "none",
    values(tree) {
      if (made.revision === labels.revision && made.values.length === tree.count + 1) return made.values;
      const values = new Float32Array(tree.count + 1).fill(NaN);
      for (const number of [...labels.standing.keys(), ...labels.mine.keys()]) {
        const verdict = labels.shown(number);
        if (verdict && number <= tree.count) values[number] = places.get(verdict) ?? NaN;
      }
      made = { revision: labels.revision, values };
      return values;
    },
  });
}
