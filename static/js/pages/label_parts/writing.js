/**
 * A field below a row, in which the reader writes something: kept in the browser while it is written, told when the field is left.
 * What it is and where it goes is the asker's business.
 * @module
 */

import { draftOf, keepDraft } from "../../net/drafts.js";
import { element } from "../../panels/element.js";

/**
 * @param {object} what
 * @param {HTMLElement} what.slot in which it stands, alone
 * @param {string} what.key under which the browser keeps it
 * @param {string} what.text that stands already
 * @param {string} what.label
 * @param {string} what.help what is written, empty where the label says so
 * @param {number} what.longest characters
 * @param {() => void} what.leave puts the focus elsewhere
 * @param {(text: string) => void} what.written called once, when the field is left
 * @returns {HTMLTextAreaElement}
 */
export function openField({ slot, key, text, label, help, longest, leave, written }) {
  const field = element("textarea", "textarea");
  field.rows = 2;
  field.dir = "auto";
  field.maxLength = longest;
  field.value = draftOf(key).text || text;
  field.setAttribute("aria-label", label);
  const said = element("p", "small quiet", `${help} Kept when you leave the field: Esc or Ctrl-Enter.`.trim());
  slot.replaceChildren(field, said);
  field.addEventListener("input", () => {
    if (!keepDraft(key, { text: field.value, uuid: "" })) said.textContent = "This browser keeps no drafts: leave the field to save.";
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    leave();
  });
  const keep = (/** @type {Event} */ { type }) => {
    removeEventListener("pagehide", keep);
    if (!field.isConnected) return;
    const words = field.value.trim();
    slot.replaceChildren();
    // Behind a page that closes nobody sees whether it was written: what was typed stays where it can be found.
    if (type !== "pagehide") keepDraft(key, { text: "", uuid: "" });
    written(words);
  };
  field.addEventListener("blur", keep);
  addEventListener("pagehide", keep);
  return field;
}
