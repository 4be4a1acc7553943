/**
 * The members whose name is being written behind an @, as a list under the text: arrows choose, Enter or Tab takes one,
 * Escape closes. Who is a member it asks; who is told of the comment the server decides by the text.
 * @module
 */

import { mentionAt, withMention } from "../lib/mention.js";
import { element } from "./element.js";

const WAIT_MS = 150;
let lists = 0;

export class MentionList {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list empty, with the role of a listbox
   * @param {HTMLElement} said a status that says how many there are
   * @param {(typed: string) => Promise<string[]>} ask
   */
  constructor(field, list, said, ask) {
    this.field = field;
    this.list = list;
    this.said = said;
    this.ask = ask;
    this.at = 0;
    this.timer = 0;
    list.id = `members-${++lists}`;
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.look());
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
    // Pressed, not clicked: a click takes the focus from the text first, which closes the list.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.take([...list.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  look() {
    clearTimeout(this.timer);
    const mention = mentionAt(this.field.value, this.field.selectionStart);
    if (!mention) this.close();
    else this.timer = setTimeout(() => void this.offer(mention.typed), WAIT_MS);
  }

  /** @param {string} typed */
  async offer(typed) {
    const names = await this.ask(typed);
    const mention = mentionAt(this.field.value, this.field.selectionStart);
    // A text that is being sent is read-only: nobody is named in it any more.
    if (this.field.readOnly || mention?.typed !== typed || document.activeElement !== this.field) return;
    this.list.replaceChildren(
      ...names.map((name, at) => {
        const option = element("li", "mention-option", name);
        option.id = `${this.list.id}-${at}`;
        option.dir = "auto";
        option.setAttribute("role", "option");
        return option;
      }),
    );
    if (!names.length) {
      this.close();
      return;
    }
    this.list.hidden = false;
    this.said.textContent = `${names.length} ${names.length === 1 ? "member" : "members"}. Arrow keys choose, Enter takes.`;
    this.mark(0);
  }

  /** @param {number} at */
  mark(at) {
    const options = [...this.list.children];
    this.at = (at + options.length) % options.length;
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === this.at));
    options[this.at].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", options[this.at].id);
  }

  /** @param {number} at */
  take(at) {
    const { field } = this;
    const mention = mentionAt(field.value, field.selectionStart);
    const name = this.list.children[at]?.textContent;
    this.close();
    if (!mention || !name) return;
    const { text, caret } = withMention(field.value, mention.from, field.selectionStart, name);
    field.value = text;
    field.setSelectionRange(caret, caret);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.said.textContent = "";
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.close();
    if (!this.isOpen || event.ctrlKey || event.metaKey || event.isComposing) return;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => this.mark(this.at + 1),
      ArrowUp: () => this.mark(this.at - 1),
      Enter: () => this.take(this.at),
      Tab: () => this.take(this.at),
      Escape: () => this.close(),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    acts[event.key]();
  }
}
