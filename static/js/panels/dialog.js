/**
 * A dialog made by a script: its heading has the focus when it opens, so that a key meant for the page presses nothing in it.
 * @module
 */

import { button, element } from "./element.js";

/**
 * @param {string} title
 * @param {...HTMLElement} content
 * @returns {HTMLDialogElement} in the page, not open yet; gone from it once it is closed
 */
export function dialogOf(title, ...content) {
  const heading = element("h2", "", title);
  heading.tabIndex = -1;
  heading.autofocus = true;
  const close = button("button button-quiet", () => made.close(), "Close");
  const made = element("dialog", "dialog", element("div", "dialog-head", heading, close), ...content);
  heading.id = `dialog-${Math.random().toString(36).slice(2)}`;
  made.setAttribute("aria-labelledby", heading.id);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  return made;
}
