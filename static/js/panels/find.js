/**
 * The field that searches the tree, its menu and what is said below it: a search out of the form and back into it, and how
 * many steps were found. It searches nothing.
 * @module
 */

import { count, plural } from "../lib/format.js";
import { isEmpty, NOTHING } from "../lib/search.js";

/** @typedef {import("../lib/search.js").Search} Search */
/**
 * @typedef {object} Found
 * @property {number} total how many steps were found
 * @property {number} place which of them is selected, from 1; 0 for none
 * @property {number} searched up to which step the server looked, 0 where it was not asked or looked at all of them
 */
/**
 * @typedef {object} Doing
 * @property {(search: Search) => void} changed
 * @property {(by: number) => void} walk
 * @property {() => void} clear
 * @property {() => void} again
 */

/** Which controls stand for what; each by its data-part. */
const CHOICES = /** @type {const} */ ({ within: "find-within", kind: "find-kind", verdict: "find-verdict", whose: "find-whose" });
const LIMITS = /** @type {const} */ ({ low: "find-low", high: "find-high" });

export class FindPanel {
  /**
   * @param {(part: string) => HTMLElement} place
   * @param {Doing} doing
   */
  constructor(place, doing) {
    this.place = place;
    this.form = place("find");
    this.words = /** @type {HTMLInputElement} */ (place("find-words"));
    this.choices = Object.entries(CHOICES).map(([name, part]) => ({ name, control: /** @type {HTMLSelectElement} */ (place(part)) }));
    this.limits = Object.entries(LIMITS).map(([name, part]) => ({ name, control: /** @type {HTMLInputElement} */ (place(part)) }));
    this.form.addEventListener("input", () => doing.changed(this.read()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.words.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") doing.walk(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") doing.clear();
      if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
    });
    place("find-before").addEventListener("click", () => doing.walk(-1));
    place("find-next").addEventListener("click", () => doing.walk(1));
    place("find-clear").addEventListener("click", doing.clear);
    place("find-again").addEventListener("click", doing.again);
  }

  /** @returns {Search} */
  read() {
    const chosen = Object.fromEntries(this.choices.map(({ name, control }) => [name, control.value]));
    const limits = Object.fromEntries(this.limits.map(({ name, control }) => [name, control.value === "" ? null : control.valueAsNumber]));
    return /** @type {Search} */ ({ ...NOTHING, words: this.words.value, ...chosen, ...limits });
  }

  /** @param {Search} search */
  write(search) {
    this.words.value = search.words;
    for (const { name, control } of this.choices) control.value = search[/** @type {keyof typeof CHOICES} */ (name)];
    for (const { name, control } of this.limits) control.value = String(search[/** @type {keyof typeof LIMITS} */ (name)] ?? "");
  }

  /**
   * What a range of values is of, and where that cannot be asked, why.
   * @param {string} name
   * @param {string} why empty where it can
   */
  nameRange(name, why) {
    this.place("find-range-name").textContent = name;
    this.place("find-range-help").textContent = why;
    /** @type {HTMLFieldSetElement} */ (this.place("find-range")).disabled = why !== "";
  }

  /** @param {Search} search the menu tells that it narrows the search, since it is closed most of the time */
  mark(search) {
    const isNarrowed = !isEmpty({ ...search, words: "" }) || (search.words !== "" && search.within === "answer");
    this.place("find-more").toggleAttribute("data-on", isNarrowed);
  }

  /** The server is being asked; what was found before stays in view. */
  showBusy() {
    this.form.setAttribute("aria-busy", "true");
  }

  /** @param {Found | null} found null while nothing is looked for */
  show(found) {
    this.settle(found === null ? "" : found.total ? "some" : "none");
    const words = found === null ? "" : wordsOf(found);
    // The same words again would be spoken again.
    if (this.place("find-count").textContent !== words) this.place("find-count").textContent = words;
    for (const part of ["find-before", "find-next"]) /** @type {HTMLButtonElement} */ (this.place(part)).disabled = !found?.total;
    this.say(found?.searched ? `Only steps 1 to ${count(found.searched)} were searched in time. More words make a search quicker.` : "", false);
  }

  /** @param {string} message of a failure; what was found before is not shown as found any more */
  showFailure(message) {
    this.settle("");
    this.place("find-count").textContent = "";
    this.say(message, true);
  }

  /** @param {string} found */
  settle(found) {
    this.form.removeAttribute("aria-busy");
    this.form.dataset.found = found;
  }

  /** @param {string} words @param {boolean} isFailure */
  say(words, isFailure) {
    const said = this.place("find-said");
    said.hidden = words === "";
    said.classList.toggle("notice-error", isFailure);
    said.classList.toggle("notice-warning", !isFailure);
    this.place("find-said-words").textContent = words;
    this.place("find-again").hidden = !isFailure;
  }
}

/** @param {Found} found */
function wordsOf({ total, place }) {
  if (!total) return "no step";
  return place ? `${count(place)} of ${count(total)}` : plural(total, "step");
}
