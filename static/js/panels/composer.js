/**
 * A field to write a comment in: kept as a draft until it is sent, with a preview and the names of members. Where it is
 * sent to is its maker's business.
 * @module
 */

import { newUuid } from "../lib/uuid.js";
import { ApiError, getFragment, getJson } from "../net/api.js";
import { draftOf, keepDraft } from "../net/drafts.js";
import { MentionList } from "./mention_list.js";
import { typesetAll } from "./run_facts.js";

/**
 * @typedef {object} Purpose
 * @property {string} name of the field, for those who hear it
 * @property {string} button what sends it
 * @property {string} draft key under which what is not sent is kept
 * @property {string} [text] what it begins with, where there is no draft
 * @property {(text: string, uuid: string) => Promise<void>} send
 * @property {() => void} [cancel]
 */
/** @typedef {{template: HTMLTemplateElement, people: string, preview: string}} Means */

export class Composer {
  /** @param {Means} means @param {Purpose} purpose */
  constructor(means, purpose) {
    this.means = means;
    this.purpose = purpose;
    const form = /** @type {DocumentFragment} */ (means.template.content.cloneNode(true)).querySelector("form");
    this.form = /** @type {HTMLFormElement} */ (form);
    this.field = /** @type {HTMLTextAreaElement} */ (this.form.querySelector("textarea"));
    this.sender = /** @type {HTMLButtonElement} */ (this.part("send"));
    /** What had the focus when somebody came here by key. @type {Element | null} */
    this.before = null;
    this.draft = draftOf(purpose.draft);
    this.field.value = this.draft.text || purpose.text || "";
    this.field.setAttribute("aria-label", purpose.name);
    this.part("send-word").textContent = purpose.button;
    if (this.draft.text) this.say("Your draft is back.");
    this.list = new MentionList(this.field, this.part("members"), this.part("members-said"), (typed) => this.namesLike(typed));
    this.bind();
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.form.querySelector(`[data-part="${name}"]`));
  }

  bind() {
    this.field.addEventListener("input", () => this.keep());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        void this.send();
      } else if (event.key === "Escape" && !event.defaultPrevented) {
        this.leave();
      }
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.part("preview").addEventListener("click", () => void this.preview());
    const cancel = this.part("cancel");
    cancel.hidden = !this.purpose.cancel;
    cancel.addEventListener("click", () => {
      keepDraft(this.purpose.draft, { text: "", uuid: "" });
      this.purpose.cancel?.();
    });
  }

  /** Back to where one came from, else to what opens and closes the comments; what is written stays as a draft. */
  leave() {
    const { before } = this;
    const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected && before.checkVisibility();
    if (isThere) before.focus();
    else this.form.closest("details")?.querySelector("summary")?.focus();
  }

  focus() {
    this.before = document.activeElement;
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  keep() {
    this.draft.text = this.field.value;
    const isKept = keepDraft(this.purpose.draft, this.draft);
    this.say(isKept ? "" : "This browser keeps no drafts, so send it before you leave.");
    this.showPreview(null);
  }

  /** @param {string} words @param {boolean} [isFailure] */
  say(words, isFailure = false) {
    const said = this.part("said");
    said.textContent = words;
    said.classList.toggle("composer-failed", isFailure);
  }

  async send() {
    const text = this.field.value.trim();
    if (!text || this.field.readOnly) {
      if (!text) this.say("Write something first.", true);
      return;
    }
    this.field.readOnly = true;
    this.sender.disabled = true;
    this.say("Sending…");
    try {
      await this.purpose.send(text, this.draft.uuid);
      keepDraft(this.purpose.draft, { text: "", uuid: "" });
      this.draft = { text: "", uuid: newUuid() };
      this.field.value = "";
      this.showPreview(null);
      this.say("");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.fail(error);
    } finally {
      this.field.readOnly = false;
      this.sender.disabled = false;
    }
  }

  /** @param {ApiError} error */
  fail(error) {
    if (error.code === "other-comment") {
      this.draft.uuid = newUuid();
      keepDraft(this.purpose.draft, this.draft);
      this.say("What you sent before did arrive, as it was then. Send again to add this as well.", true);
      return;
    }
    const again = error.isPassing ? ` It is kept here; press ${this.purpose.button} to try again.` : " It is kept here.";
    this.say(`Not sent: ${error.message}${again}`, true);
  }

  async preview() {
    const isShown = this.part("preview").getAttribute("aria-pressed") === "true";
    if (isShown || !this.field.value.trim()) {
      this.showPreview(null);
      return;
    }
    try {
      const page = await getFragment(this.means.preview, { fields: { text: this.field.value } });
      const shown = page.querySelector('[data-part="preview-text"]');
      if (shown instanceof HTMLElement) this.showPreview(document.importNode(shown, true));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.say(`No preview: ${error.message}`, true);
    }
  }

  /** @param {HTMLElement | null} shown */
  showPreview(shown) {
    const place = this.part("preview-place");
    place.hidden = !shown;
    place.replaceChildren(...(shown ? [shown] : []));
    typesetAll(place);
    this.part("preview").setAttribute("aria-pressed", String(shown !== null));
  }

  /** @param {string} typed @returns {Promise<string[]>} */
  async namesLike(typed) {
    try {
      return (await getJson(`${this.means.people}?text=${encodeURIComponent(typed)}`)).people;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Names can be written out; who cannot be offered them is told by nothing but their absence.
      return [];
    }
  }
}
