/**
 * A list of names and values, as the step panel has several. It knows none of them.
 * @module
 */

import { count } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {(name: string, value: Node | string, extra?: string) => void} Add */

/** @returns {{list: HTMLElement, add: Add}} */
export function factList() {
  const list = element("dl", "data-list step-facts");
  return { list, add: (name, value, extra = "") => list.append(element("dt", extra, name), element("dd", extra, value)) };
}

/** @param {number} value */
export function mono(value) {
  return element("span", "mono", count(value));
}
