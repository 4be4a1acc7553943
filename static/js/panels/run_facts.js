/**
 * What the server says of the whole run - facts, notice, words of an empty tree - put in anew where it has changed. It
 * writes no such word itself, so that a page that grew says what a page that was loaded says.
 * @module
 */

import { getPage } from "../net/api.js";
import { typeset } from "./typeset.js";

const LEAST_MS = 1000;

export class RunFacts {
  /**
   * @param {string} path of the fragment, whose [data-part] elements have their like on the page
   * @param {(part: string) => HTMLElement} placeOf
   */
  constructor(path, placeOf) {
    this.path = path;
    this.placeOf = placeOf;
    /** @type {Map<string, Element>} */
    this.shown = new Map();
    this.isWaiting = false;
    this.isDue = false;
  }

  /** The run has changed: ask now, or a second after the last time. */
  refresh() {
    this.isDue = true;
    if (this.isWaiting) return;
    this.isDue = false;
    this.isWaiting = true;
    void this.load().finally(() => setTimeout(() => this.next(), LEAST_MS));
  }

  next() {
    this.isWaiting = false;
    if (this.isDue) this.refresh();
  }

  async load() {
    const page = await getPage(this.path);
    // What could not be asked is asked with the next change; how the line stands is said elsewhere.
    for (const part of page?.querySelectorAll("[data-part]") ?? []) this.put(part.getAttribute("data-part") ?? "", part);
  }

  /** @param {string} name @param {Element} part */
  put(name, part) {
    if (this.shown.get(name)?.isEqualNode(part)) return;
    this.shown.set(name, part);
    const place = this.placeOf(name);
    place.replaceChildren(...[...part.childNodes].map((node) => document.importNode(node, true)));
    typesetAll(place);
  }
}

/** Sets what the server marked so; what was written stays in the mark, for whoever copies it or sets it again. @param {ParentNode} root */
export function typesetAll(root) {
  for (const text of root.querySelectorAll("[data-typeset]")) {
    if (!(text instanceof HTMLElement)) continue;
    text.dataset.typeset ||= text.textContent?.trim() ?? "";
    typeset(text, text.dataset.typeset);
  }
}
