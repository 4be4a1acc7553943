/**
 * Keeps the page at what is stored of its run while that is played: listens, asks for what came after, says how it stands.
 * It draws nothing and selects nothing.
 * @module
 */

import { readColumns } from "../../lib/columns.js";
import { applied, changedBy } from "../../lib/growth.js";
import { NotATree, treeOf } from "../../lib/tree.js";
import { getColumns } from "../../net/api.js";
import { Deltas } from "../../net/deltas.js";
import { listen } from "../../net/live.js";
import { LiveStatePanel } from "../../panels/live_state.js";
import { RunFacts } from "../../panels/run_facts.js";
import { given, isOpen, place, root } from "./places.js";

/** @typedef {import("../../lib/tree.js").Tree} Tree */
/** @typedef {{header: import("../../lib/columns.js").Header, columns: Map<string, import("../../lib/columns.js").Column>}} Answer */

/** @type {Record<number, import("../../panels/live_state.js").Standing>} */
const REFUSALS = { 401: "signed-out", 403: "refused", 404: "gone" };
const AGAIN_MS = 2000;

export class Growing {
  /**
   * @param {Tree} tree
   * @param {(tree: Tree, changed: number[]) => number} grown shows it, and answers how many ms the last picture took
   * @param {() => void} ended
   */
  constructor(tree, grown, ended) {
    this.tree = tree;
    this.grown = grown;
    this.ended = ended;
    /** Why nothing comes any more, or not until something is done. @type {import("../../panels/live_state.js").Standing | null} */
    this.refusal = null;
    this.isLive = false;
    /** Whether the server closed the line for good. */
    this.isClosed = false;
    /** Whether the last answer came; with a line that is lost nobody knows until one does. @type {boolean | null} */
    this.isAnswered = null;
    this.line = { close() {} };
    this.facts = new RunFacts(given.facts, place);
    this.panel = new LiveStatePanel(place, given.signIn);
    this.deltas = new Deltas({
      ask: () => this.ask(),
      take: (answer) => this.take(answer),
      failed: (error, isPassing) => this.failed(error, isPassing),
    });
    // Somebody who signed in again in another tab comes back to this one.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.refusal === "signed-out") this.deltas.told();
    });
  }

  listen() {
    this.line.close();
    this.line = listen(given.socket, {
      told: () => this.deltas.told(),
      state: (name) => this.lineIs(name),
    });
  }

  /** @param {import("../../net/live.js").State} name */
  lineIs(name) {
    this.isLive = name === "live";
    this.isClosed = name === "refused";
    if (name === "polling" || name === "refused") {
      // Whether the server is lost too, the reader signed out, or without a right, is told by asking.
      if (this.isAnswered) this.isAnswered = false;
      this.deltas.told();
    }
    this.say();
  }

  /** @returns {Promise<Answer>} */
  async ask() {
    return readColumns(await getColumns(`${given.tree}?after=${this.tree.header.seq}`));
  }

  /** @param {Answer} answer */
  async take({ header, columns }) {
    this.isAnswered = true;
    this.refusal = null;
    if (this.isClosed) {
      // Refused once, and yet answered: the reader has signed in again, or has their right back.
      this.isClosed = false;
      setTimeout(() => this.refusal ?? this.listen(), AGAIN_MS);
    }
    const began = performance.now();
    const { seq, status } = this.tree.header;
    let changed = changedBy(columns);
    try {
      this.tree = applied(this.tree, header, columns);
    } catch (error) {
      if (!(error instanceof NotATree)) throw error;
      // What was shown and what is stored do not fit together, so all of it is read anew.
      const whole = readColumns(await getColumns(given.tree));
      this.tree = treeOf(whole.header, whole.columns);
      changed = Array.from({ length: this.tree.count }, (_, at) => at + 1);
    }
    const now = this.tree.header;
    const painted = changed.length ? this.grown(this.tree, changed) : 0;
    if (now.seq !== seq || now.status !== status) this.facts.refresh();
    this.say();
    if (!isOpen(now.status)) this.finish();
    return performance.now() - began + painted;
  }

  finish() {
    this.deltas.end();
    this.line.close();
    root.classList.remove("run-growing");
    this.refusal = "over";
    this.say();
    this.ended();
  }

  /** @param {Error} error @param {boolean} isPassing */
  failed(error, isPassing) {
    this.isAnswered = false;
    const refusal = REFUSALS[/** @type {{status?: number}} */ (error).status ?? 0];
    if (!isPassing && !refusal) throw error;
    if (refusal) this.refuse(refusal);
    this.say();
  }

  /** @param {import("../../panels/live_state.js").Standing} refusal */
  refuse(refusal) {
    this.refusal = refusal;
    // Who is signed out can sign in again; who has no right any more gets nothing however often the page asks.
    if (refusal === "signed-out") return;
    this.deltas.end();
    this.line.close();
  }

  say() {
    const standing = this.refusal ?? this.standingOfLine();
    this.panel.show({ standing, seq: this.tree.header.seq, steps: this.tree.count });
  }

  /** @returns {import("../../panels/live_state.js").Standing} */
  standingOfLine() {
    if (!navigator.onLine) return "offline";
    if (this.isAnswered === false) return "reconnecting";
    if (this.isLive) return "live";
    return this.isAnswered ? "polling" : "connecting";
  }
}
