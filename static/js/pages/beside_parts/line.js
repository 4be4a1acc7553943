/**
 * Keeps the tree of one side at what is stored of its run while that is played, and says how the line stands. It draws no
 * tree and chooses no branch.
 * @module
 */

import { readColumns } from "../../lib/columns.js";
import { count } from "../../lib/format.js";
import { applied, changedBy } from "../../lib/growth.js";
import { STANDINGS } from "../../lib/standing.js";
import { NotATree, treeOf } from "../../lib/tree.js";
import { getColumns } from "../../net/api.js";
import { Deltas } from "../../net/deltas.js";
import { listen } from "../../net/live.js";
import { element } from "../../panels/element.js";
import { RunFacts } from "../../panels/run_facts.js";
import { place } from "./places.js";

/** @typedef {import("../../lib/tree.js").Tree} Tree */
/** @typedef {{header: import("../../lib/columns.js").Header, columns: Map<string, import("../../lib/columns.js").Column>}} Answer */

const OPEN = new Set(["waiting", "running"]);
/** @type {Record<number, string>} */
const REFUSALS = {
  401: "Your session has ended: sign in and load this page again.",
  403: "You may no longer look at this run.",
  404: "This run is gone: it was deleted, or you are no longer in its team.",
};

/** @param {Tree} tree whether its run is still to be played on */
export function isOpen({ header }) {
  return header.status !== undefined && OPEN.has(header.status);
}

export class SideLine {
  /**
   * @param {HTMLElement} host of the side, with its addresses
   * @param {Tree} tree
   * @param {(tree: Tree, changed: number[]) => void} grown
   */
  constructor(host, tree, grown) {
    this.host = host;
    this.tree = tree;
    this.grown = grown;
    /** @type {keyof typeof STANDINGS} */
    this.standing = "connecting";
    this.path = /** @type {string} */ (host.dataset.tree);
    this.facts = new RunFacts(/** @type {string} */ (host.dataset.facts), (part) => place(part, host));
    this.deltas = new Deltas({
      ask: async () => /** @type {Answer} */ (readColumns(await getColumns(`${this.path}?after=${this.tree.header.seq}`))),
      take: (answer) => this.take(answer),
      failed: (error, isPassing) => this.failed(error, isPassing),
    });
    this.line = listen(/** @type {string} */ (host.dataset.socket), {
      told: () => this.deltas.told(),
      state: (name) => this.lineIs(name),
    });
  }

  /** @param {import("../../net/live.js").State} name */
  lineIs(name) {
    // Why a line was refused, and whether the server is lost too, is told by asking.
    if (name === "polling" || name === "refused") this.deltas.told();
    this.say(name === "refused" ? "reconnecting" : name);
  }

  /** @param {Answer} answer */
  async take({ header, columns }) {
    const began = performance.now();
    const { seq, status } = this.tree.header;
    let changed = changedBy(columns);
    try {
      this.tree = applied(this.tree, header, columns);
    } catch (error) {
      if (!(error instanceof NotATree)) throw error;
      // What was shown and what is stored do not fit together, so all of it is read anew.
      const whole = readColumns(await getColumns(this.path));
      this.tree = treeOf(whole.header, whole.columns);
      changed = Array.from({ length: this.tree.count }, (_, at) => at + 1);
    }
    const now = this.tree.header;
    if (changed.length || now.status !== status) this.grown(this.tree, changed);
    if (now.seq !== seq || now.status !== status) this.facts.refresh();
    if (isOpen(this.tree)) this.say(this.standing === "reconnecting" ? "polling" : this.standing);
    else this.end();
    return performance.now() - began;
  }

  /** @param {Error} error @param {boolean} isPassing */
  failed(error, isPassing) {
    const words = REFUSALS[/** @type {{status?: number}} */ (error).status ?? 0];
    if (!isPassing && !words) throw error;
    if (!words) return this.say("reconnecting");
    this.end();
    const stopped = place("stopped", this.host);
    stopped.textContent = `${words} What you see is the tree as of event ${count(this.tree.header.seq)}.`;
    stopped.hidden = false;
  }

  end() {
    this.deltas.end();
    this.line.close();
    place("live", this.host).hidden = true;
  }

  /** @param {keyof typeof STANDINGS} standing */
  say(standing) {
    this.standing = standing;
    const { glyph, words } = STANDINGS[standing];
    const mark = element("span", "live-glyph", glyph);
    mark.setAttribute("aria-hidden", "true");
    const shown = place("live", this.host);
    shown.dataset.standing = standing;
    shown.replaceChildren(mark, `${words} · event ${count(this.tree.header.seq)}`);
    shown.hidden = false;
  }
}
