/**
 * A discussion as the server wrote it, with what can be done in it: replying, editing, deleting, settling, looking further.
 * Composers that are open stay open, with what is in them, when it is shown anew. It fetches no discussion.
 * @module
 */

import { ApiError, getFragment, postJson } from "../net/api.js";
import { Composer } from "./composer.js";
import { button } from "./element.js";
import { typesetAll } from "./run_facts.js";

/** @typedef {import("./composer.js").Means} Means */
/**
 * @typedef {object} Asks
 * @property {(address: string) => void} show what part of the discussion is to be shown instead
 * @property {() => Promise<void>} changed something was stored; settled when it is shown
 * @property {(words: string) => void} say
 */

/** What a button is for, each with the address or the part it is about. */
const DOES = ["reply", "edit", "history", "resolve", "delete", "show"];

export class Discussion {
  /**
   * @param {HTMLElement} host
   * @param {HTMLDialogElement} dialog asks before something is deleted
   * @param {Means} means
   * @param {Asks} asks
   */
  constructor(host, dialog, means, asks) {
    this.host = host;
    this.dialog = dialog;
    this.means = means;
    this.asks = asks;
    /** Open composers by the address each sends to. @type {Map<string, Composer>} */
    this.composers = new Map();
    /** Open histories by their addresses; null until one has come. @type {Map<string, HTMLElement | null>} */
    this.histories = new Map();
    // Formulas are the slow part of a long discussion, so a comment is typeset when it comes near.
    this.near = new IntersectionObserver((entries) => this.typesetNear(entries), { rootMargin: "400px" });
    /** @type {HTMLElement | null} */
    this.shown = null;
    host.addEventListener("click", (event) => this.onClick(event));
  }

  /** @param {HTMLElement} fragment */
  show(fragment) {
    if (this.shown?.isEqualNode(fragment)) return;
    this.shown = /** @type {HTMLElement} */ (fragment.cloneNode(true));
    const focused = document.activeElement;
    const isWithin = focused instanceof HTMLElement && this.host.contains(focused);
    this.near.disconnect();
    this.host.replaceChildren(fragment);
    for (const [address, composer] of this.composers) this.putBack(address, composer);
    // The comment may have been edited once more.
    for (const address of this.histories.keys()) if (this.putHistory(address)) void this.readHistory(address);
    for (const article of this.host.querySelectorAll("article")) this.near.observe(article);
    if (isWithin) (focused.isConnected ? focused : this.inPlaceOf(focused))?.focus({ preventScroll: true });
  }

  /** @param {string} address @param {...string} does what it is for, one of these @returns {HTMLElement | undefined} */
  buttonOf(address, ...does) {
    return [...this.host.querySelectorAll("button")].find(({ dataset }) => does.some((one) => dataset[one] === address));
  }

  /** The same button of the same comment; else the comment; else what opens and closes them all. @param {HTMLElement} gone */
  inPlaceOf(gone) {
    const same = [...this.host.querySelectorAll("button")].find((one) => DOES.some((does) => gone.dataset[does] && one.dataset[does] === gone.dataset[does]));
    const article = gone.closest("article");
    return same ?? (article?.id ? document.getElementById(article.id) : null) ?? this.host.closest("details")?.querySelector("summary");
  }

  /** Another thing is talked about: what is written stays as drafts. */
  clear() {
    this.composers.clear();
    this.histories.clear();
    this.shown = null;
    this.host.replaceChildren();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  typesetNear(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.near.unobserve(target);
      typesetAll(target);
    }
  }

  /** @param {string} address @param {Composer} composer */
  putBack(address, composer) {
    const opener = this.buttonOf(address, "reply", "edit");
    const place = opener?.closest("footer") ?? opener?.closest("article")?.querySelector(".prose");
    if (place) place.after(composer.form);
    else this.composers.delete(address);
  }

  /** @param {Event} event */
  onClick(event) {
    const pressed = event.target instanceof Element ? event.target.closest("button") : null;
    if (!pressed) return;
    const { show, reply, edit, history, resolve, to } = pressed.dataset;
    if (show) this.asks.show(show);
    else if (reply) this.reply(reply);
    else if (edit) this.edit(edit, pressed);
    else if (history) this.history(history);
    else if (resolve) void this.act(resolve, { resolved: to === "settled" });
    else if (pressed.dataset.delete) void this.delete(pressed.dataset.delete);
  }

  /** @param {string} address */
  reply(address) {
    this.compose(address, {
      name: "Reply",
      button: "Reply",
      send: async (text, uuid) => {
        // A page of a long thread may end long before what is said now.
        const { newest } = /** @type {HTMLElement} */ (this.host.firstElementChild).dataset;
        await this.store(address, { text, client_uuid: uuid });
        if (newest) this.asks.show(newest);
      },
    });
  }

  /** @param {string} address @param {HTMLElement} opener */
  edit(address, opener) {
    this.compose(address, {
      name: "The comment's text",
      button: "Save",
      text: opener.closest("article")?.dataset.text ?? "",
      send: (text) => this.store(address, { text }),
    });
  }

  /**
   * @param {string} address
   * @param {Omit<import("./composer.js").Purpose, "draft" | "cancel">} purpose
   */
  compose(address, purpose) {
    const open = this.composers.get(address);
    const composer = open ?? new Composer(this.means, { ...purpose, draft: `comment ${address}`, cancel: () => this.close(address) });
    this.composers.set(address, composer);
    if (!open) this.putBack(address, composer);
    composer.focus();
  }

  /** @param {string} address */
  close(address) {
    this.composers.get(address)?.form.remove();
    this.composers.delete(address);
    this.buttonOf(address, "reply", "edit")?.focus();
  }

  /** @param {string} address @param {object} body */
  async store(address, body) {
    await postJson(address, body);
    this.close(address);
    await this.asks.changed();
  }

  /** @param {string} address */
  async delete(address) {
    this.dialog.returnValue = "";
    this.dialog.showModal();
    await new Promise((closed) => this.dialog.addEventListener("close", closed, { once: true }));
    // Shown anew meanwhile, the discussion has another button than the one the browser gave the focus back to.
    this.buttonOf(address, "delete")?.focus({ preventScroll: true });
    if (this.dialog.returnValue === "delete") await this.act(address, {});
  }

  /** @param {string} address @param {object} body */
  async act(address, body) {
    try {
      await postJson(address, body);
      await this.asks.changed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.asks.say(`Not done: ${error.message}`);
    }
  }

  /** @param {string} address opens it, or closes it */
  history(address) {
    const open = this.histories.get(address);
    if (open === undefined) {
      this.histories.set(address, null);
      void this.readHistory(address);
      this.putHistory(address);
      return;
    }
    const hadFocus = open?.contains(document.activeElement);
    open?.remove();
    this.histories.delete(address);
    const opener = this.putHistory(address);
    if (hadFocus) opener?.focus();
  }

  /** @param {string} address @returns {HTMLElement | undefined} what opens and closes it; a history without one is forgotten */
  putHistory(address) {
    const opener = this.buttonOf(address, "history");
    if (!opener) this.histories.delete(address);
    const shown = this.histories.get(address);
    opener?.setAttribute("aria-expanded", String(shown !== undefined));
    if (shown) opener?.closest("article")?.append(shown);
    return opener;
  }

  /** @param {string} address */
  async readHistory(address) {
    try {
      const found = (await getFragment(address)).querySelector('[data-part="history"]');
      if (!found) throw new Error(`${address} was answered without a history.`);
      const before = this.histories.get(address);
      // It was closed again, or its comment is gone.
      if (before === undefined) return;
      const shown = document.importNode(/** @type {HTMLElement} */ (found), true);
      const close = button("button button-quiet comment-act", () => this.history(address), "Close");
      shown.append(close);
      const hasFocus = before?.contains(document.activeElement);
      before?.remove();
      this.histories.set(address, shown);
      this.putHistory(address);
      typesetAll(shown);
      if (hasFocus) close.focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.histories.get(address) === null) this.histories.delete(address);
      this.putHistory(address);
      this.asks.say(`Its earlier texts did not come: ${error.message}`);
    }
  }
}
