/**
 * Hides or shows reasoning, by key and by button; what of a text is reasoning is told elsewhere.
 * @module
 */

import { button, element } from "../../panels/element.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

/**
 * @param {RunPage} page
 * @returns {import("./features.js").Keys}
 */
export function attach(page) {
  const { hidden } = page.reading;
  const toggle = () => hidden.set(!hidden.get());
  const made = button("button button-quiet", toggle, "Hide reasoning ", element("kbd", "", "r"));
  made.setAttribute("aria-keyshortcuts", "r");
  const show = () => made.setAttribute("aria-pressed", String(hidden.get()));
  hidden.watch(() => {
    show();
    page.step.forgetTokens();
    page.details.redraw();
  });
  show();
  place("branch").before(element("div", "branch-tools", made));
  return { r: toggle };
}
