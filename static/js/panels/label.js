/**
 * Takes the reader's verdicts: buttons and keys, undo, and what became of each one on its way to the server.
 * @module
 */

import { VERDICTS, plural } from "../lib/format.js";
import { newUuid } from "../lib/uuid.js";
import { postJson } from "../net/api.js";
import { LabelQueue } from "../net/label_queue.js";
import { button, element } from "./element.js";

/** @typedef {import("../lib/format.js").Verdict} Verdict */
/** @typedef {import("../overlays/labels.js").Labels} Labels */

export class LabelPanel {
  /**
   * @param {HTMLElement} host
   * @param {object} page
   * @param {string} page.path of the API's list of steps
   * @param {Labels} page.labels
   * @param {() => number} page.selected
   * @param {() => boolean} page.scoresInView
   * @param {(number: number) => void} page.select
   * @param {() => void} page.moveOn
   * @param {() => void} page.changed called when what the labels show has changed
   */
  constructor(host, page) {
    this.page = page;
    this.since = performance.now();
    this.queue = new LabelQueue({
      send: ({ number, ...given }) => postJson(`${page.path}/${number}/labels`, given),
      stored: ({ number }, { standing }) => this.stored(number, standing),
      failed: ({ number }) => this.mark(number, "failed"),
      changed: (state) => this.showState(state),
    });
    this.buttons = new Map(Object.entries(VERDICTS).map(([verdict, shown]) => [verdict, this.button(/** @type {Verdict} */ (verdict), shown)]));
    this.undoButton = button("button button-quiet", () => this.undo(), "Undo ", element("kbd", "", "u"));
    this.state = element("span", "label-state small");
    this.state.setAttribute("role", "status");
    this.again = button("button", () => this.queue.retry(), "Try again");
    this.again.hidden = true;
    host.replaceChildren(element("div", "label-buttons", ...this.buttons.values()), element("div", "label-line", this.state, this.again, this.undoButton));
    addEventListener("online", () => this.queue.retry());
    addEventListener("beforeunload", (event) => {
      if (this.queue.isUnsaved) event.preventDefault();
    });
    this.showState({ waiting: 0, refused: 0, message: "" });
    this.refresh();
  }

  /**
   * @param {Verdict} verdict
   * @param {{glyph: string, name: string, key: string}} shown
   */
  button(verdict, { glyph, name, key }) {
    const made = button("button label-button", () => this.give(verdict), element("span", `verdict-${verdict}`, glyph), ` ${name} `, element("kbd", "", key));
    made.setAttribute("aria-keyshortcuts", key);
    return made;
  }

  /** The selected step changed: the clock of its verdict starts. */
  startClock() {
    this.since = performance.now();
    this.refresh();
  }

  /** @param {Verdict} verdict */
  give(verdict) {
    const number = this.page.selected();
    if (!number) return;
    const { labels } = this.page;
    labels.given.push({ number, before: labels.mine.get(number) ?? "", wasInView: labels.inView.get(number) });
    this.save(number, verdict, Math.round((performance.now() - this.since) / 100) / 10, this.page.scoresInView());
    this.page.moveOn();
  }

  /** Takes the last own verdict back by adding what it replaced, as that was given, as often as there is one. */
  undo() {
    const last = this.page.labels.given.pop();
    if (!last) return;
    this.save(last.number, last.before, null, last.wasInView ?? this.page.scoresInView());
    this.page.select(last.number);
  }

  /**
   * @param {number} number
   * @param {Verdict | ""} verdict
   * @param {number | null} seconds
   * @param {boolean} inView
   */
  save(number, verdict, seconds, inView) {
    this.page.labels.set(number, verdict, inView);
    this.mark(number, "saving");
    const client_uuid = newUuid();
    this.queue.add({ number, verdict, client_uuid, scores_in_view: inView, seconds, reason: "" });
  }

  /**
   * @param {number} number
   * @param {Verdict | null} standing
   */
  stored(number, standing) {
    this.page.labels.stand(number, standing);
    if (!this.queue.waiting.some((given) => given.number === number)) this.mark(number, "saved");
  }

  /**
   * @param {number} number
   * @param {import("../overlays/labels.js").SaveState} state
   */
  mark(number, state) {
    this.page.labels.states.set(number, state);
    this.page.changed();
    this.refresh();
  }

  refresh() {
    const verdict = this.page.labels.mine.get(this.page.selected());
    for (const [key, made] of this.buttons) made.setAttribute("aria-pressed", String(key === verdict));
    this.undoButton.disabled = this.page.labels.given.length === 0;
  }

  /** @param {import("../net/label_queue.js").QueueState} state */
  showState({ waiting, refused, message }) {
    this.again.hidden = !message;
    const count = this.page.labels.mine.size;
    const unsaved = plural(waiting + refused, "verdict");
    if (message) this.state.textContent = `! ${unsaved} not saved yet: ${message}${refused ? "" : " Trying again."}`;
    else if (waiting) this.state.textContent = `Saving ${unsaved} …`;
    else this.state.textContent = count ? `✓ Saved · ${plural(count, "verdict")} of yours here` : "No verdict of yours here yet";
    this.state.classList.toggle("label-state-failed", Boolean(message));
  }
}
