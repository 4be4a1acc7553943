/**
 * A dialog that asks for a reason: some to choose from, and words of one's own. What follows from the answer is the asker's
 * business.
 * @module
 */

import { button, element } from "../../panels/element.js";

/**
 * @param {object} what
 * @param {string} what.title
 * @param {string} what.help what happens then
 * @param {string[]} what.reasons
 * @param {string} what.act the verb on the button
 * @returns {Promise<string | null>} the reason; null where the person left it
 */
export function askReason({ title, help, reasons, act }) {
  const id = `ask-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  const words = element("textarea", "textarea");
  words.rows = 2;
  words.dir = "auto";
  words.maxLength = 2000;
  words.id = `${id}-words`;
  const label = element("label", "", "In your words");
  label.htmlFor = words.id;
  const missing = element("p", "field-error");
  missing.setAttribute("role", "alert");
  missing.hidden = true;
  const options = reasons.map((reason, at) => option(id, reason, at));
  const heading = element("h2", "", title);
  heading.id = `${id}-title`;
  const send = element("button", "button button-primary", act);
  const form = element("form", "form", element("p", "quiet", help), choices(options), element("div", "field", label, words, missing));
  const dialog = element("dialog", "dialog label-ask", element("div", "dialog-head", heading), form);
  form.append(element("div", "form-actions", send, button("button", () => dialog.close(), "Go back ", element("kbd", "", "Esc"))));
  dialog.setAttribute("aria-labelledby", heading.id);
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(send);
  });
  document.body.append(dialog);
  dialog.showModal();
  options[0]?.querySelector("input")?.focus();
  return new Promise((answer) => {
    /** @type {string | null} */
    let reason = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = options.map((each) => each.querySelector("input")).find((each) => each?.checked)?.value ?? "";
      reason = [chosen, words.value.trim()].filter(Boolean).join(": ");
      if (reason) return dialog.close();
      missing.textContent = "Choose a reason or write one.";
      missing.hidden = false;
      words.focus();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(reason);
    });
  });
}

/** @param {HTMLElement[]} options */
function choices(options) {
  const made = element("fieldset", "choices", element("legend", "", "Reason"), ...options);
  made.hidden = options.length === 0;
  return made;
}

/** @param {string} id @param {string} reason @param {number} at */
function option(id, reason, at) {
  const input = element("input", "");
  input.type = "radio";
  input.name = id;
  input.value = reason;
  input.id = `${id}-${at}`;
  const label = element("label", "check", input, ` ${reason}`);
  return label;
}
