/**
 * What the tree page adds to the palette: a number leads to the step of that number.
 * @module
 */

import { count } from "../../lib/format.js";

/** @typedef {{typed: string, add: (entry: {name: string, group: string, act: () => void}) => void}} Asked */

/** @param {import("./reader.js").RunPage} page */
export function attach(page) {
  document.addEventListener("palette-typed", (event) => {
    const { typed, add } = /** @type {CustomEvent<Asked>} */ (event).detail;
    const number = Number(typed.match(/^(?:step\s*)?#?(\d{1,9})$/i)?.[1] ?? 0);
    if (number >= 1 && number <= page.tree.count) add({ name: `Step ${count(number)} of this tree`, group: "Go to", act: () => page.choose(number) });
  });
}
