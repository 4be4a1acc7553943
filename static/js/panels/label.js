/**
 * Takes the reader's verdicts: buttons and keys, undo, and what became of each one on its way to the server. What is sent stands
 * in the outbox, which drops nothing; here it is only said and shown.
 * @module
 */

import { VERDICTS, plural } from "../lib/format.js";
import { newUuid } from "../lib/uuid.js";
import { button, element } from "./element.js";

/** @typedef {import("../lib/format.js").Verdict} Verdict */
/** @typedef {import("../lib/outbox.js").Entry} Entry */
/** @typedef {import("../net/outbox.js").Outbox} Outbox */
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
    this.buttons = new Map(Object.entries(VERDICTS).map(([verdict, shown]) => [verdict, this.button(/** @type {Verdict} */ (verdict), shown)]));
    this.undoButton = button("button button-quiet", () => this.undo(), "Undo ", element("kbd", "", "u"));
    this.count = element("span", "label-state small");
    this.saved = element("span", "label-saved");
    host.replaceChildren(element("div", "label-buttons", ...this.buttons.values()), element("div", "label-line", this.saved, this.count, this.undoButton));
    /** How many verdicts nothing but this page knows of. */
    this.unkept = 0;
    this.isStopped = false;
    this.outbox = this.fetchOutbox();
    this.outbox.catch(() => this.stop());
    addEventListener("beforeunload", (event) => void (this.unkept && event.preventDefault()));
    this.refresh();
  }

  /** It comes beside the first picture, which it would keep waiting; verdicts given before go into it in their order. */
  async fetchOutbox() {
    const [{ openOutbox }, { attachSaved }, { READER }] = await Promise.all([import("../net/outbox.js"), import("./saved.js"), import("../net/session.js")]);
    const outbox = await openOutbox({ person: READER });
    attachSaved(this.saved, outbox);
    this.listen(outbox);
    return outbox;
  }

  /** Without an outbox nothing is taken: a verdict that looks given and is nowhere would be lost. */
  stop() {
    for (const made of [...this.buttons.values(), this.undoButton]) made.disabled = true;
    this.isStopped = true;
    this.unkept = 0;
    const words = "What keeps verdicts did not come, so none is taken and none given on this page was saved. Reload the page.";
    const note = element("p", "notice notice-error", words);
    note.setAttribute("role", "alert");
    this.saved.replaceChildren(note);
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

  /** Shows what waits from before, and follows what becomes of it and of what other tabs say. @param {Outbox} outbox */
  listen(outbox) {
    for (const entry of outbox.pending(`${this.page.path}/`)) this.hear(entry);
    outbox.onElsewhere((entry) => this.hear(entry));
    outbox.onStored((entry, { standing }) => {
      const number = this.numberOf(entry);
      if (!number) return;
      this.page.labels.stand(number, standing);
      if (!outbox.pending(entry.path).length) this.mark(number, "saved");
    });
    outbox.onRefused((entry) => {
      const number = this.numberOf(entry);
      if (number) this.mark(number, "failed");
    });
    outbox.onDropped((entries, theirs) => {
      const number = this.numberOf(entries[0]);
      if (!number) return;
      this.page.labels.giveUp(number, entries.map(({ body }) => body.client_uuid), theirs, this.page.scoresInView());
      this.mark(number, "saved");
    });
  }

  /** @param {Entry} entry @returns {number} the step of this run that it judges; 0 where it is about something else */
  numberOf({ path }) {
    const [number, kind] = path.startsWith(`${this.page.path}/`) ? path.slice(this.page.path.length + 1).split("/") : [];
    return kind === "labels" ? Number(number) : 0;
  }

  /** A verdict of the reader's that was not given on this page. @param {Entry} entry */
  hear(entry) {
    const number = this.numberOf(entry);
    if (!number) return;
    this.page.labels.give(number, entry.body);
    this.mark(number, entry.refused ? "failed" : "saving");
  }

  /** The selected step changed: the clock of its verdict starts. */
  startClock() {
    this.since = performance.now();
    this.refresh();
  }

  /** @param {Verdict} verdict */
  give(verdict) {
    const number = this.page.selected();
    if (!number || this.buttons.get(verdict)?.disabled) return;
    this.save(number, verdict, Math.round((performance.now() - this.since) / 100) / 10, this.page.scoresInView(), (body) => this.page.labels.give(number, body));
    this.page.moveOn();
  }

  /** Takes the last own verdict back by adding what it replaced, as that was given, as often as there is one. */
  undo() {
    const { labels } = this.page;
    const last = this.isStopped ? undefined : labels.given.pop();
    if (!last) return;
    this.save(last.number, last.before, null, last.wasInView ?? this.page.scoresInView(), (body) => labels.follow(last.number, body));
    this.page.select(last.number);
  }

  /**
   * @param {number} number
   * @param {Verdict | ""} verdict
   * @param {number | null} seconds
   * @param {boolean} inView
   * @param {(body: import("../overlays/labels.js").GivenBody) => void} keep how the labels here take it
   */
  save(number, verdict, seconds, inView, keep) {
    const replaces = this.page.labels.newest.get(number) ?? null;
    const body = { verdict, client_uuid: newUuid(), replaces, scores_in_view: inView, seconds, reason: "" };
    keep(body);
    this.mark(number, "saving");
    const path = `${this.page.path}/${number}/labels`;
    this.unkept++;
    const add = (/** @type {Outbox} */ outbox) => {
      this.unkept--;
      return outbox.add({ path, body, key: path });
    };
    void this.outbox.then(add, () => this.mark(number, "failed"));
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
    const { labels } = this.page;
    const verdict = labels.mine.get(this.page.selected());
    for (const [key, made] of this.buttons) made.setAttribute("aria-pressed", String(key === verdict));
    this.undoButton.disabled = this.isStopped || labels.given.length === 0;
    this.count.textContent = labels.mine.size ? `${plural(labels.mine.size, "verdict")} of yours here` : "No verdict of yours here yet";
  }
}
