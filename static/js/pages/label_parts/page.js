/**
 * The page as a whole: which turn is shown, verdicts and undo across turns, and going on to the next. What each part looks like
 * stands in its own module.
 * @module
 */

import { atom } from "../../lib/atom.js";
import { Attention } from "../../lib/attention.js";
import { plural } from "../../lib/format.js";
import { besideRow, nextAfter, spoken } from "../../lib/rows_to_judge.js";
import { ApiError, getJson } from "../../net/api.js";
import { Before } from "./before.js";
import { TurnInHand } from "./in_hand.js";
import { Line } from "./line.js";
import { given, place, root, say } from "./places.js";
import { Setting } from "./setting.js";
import { Shared } from "./shared.js";
import { Sheet } from "./sheet.js";
import * as states from "./states.js";
import { Strip } from "./strip.js";
import { timed } from "./timing.js";

/** @typedef {import("../../lib/judging.js").Turn} Turn */
/** @typedef {import("../../lib/judging.js").Change} Change */
/** @typedef {import("../../lib/format.js").Verdict} Verdict */
/** @typedef {{inHand: TurnInHand, sheet: Sheet, isWatched?: boolean}} Piece a turn and what is read of it */

export class LabelPage {
  /**
   * @param {object} parts
   * @param {import("./in_hand.js").Send} parts.send
   * @param {(inHand: TurnInHand) => void} parts.replay says again what the outbox still holds of a turn
   * @param {import("./ends.js").Ends} parts.ends
   * @param {Promise<import("./first_turn.js").Came> | null} parts.first the next turn, where it was asked for before
   */
  constructor({ send, replay, ends, first }) {
    this.send = send;
    this.replay = replay;
    this.ends = ends;
    this.attention = new Attention(performance.now());
    this.setting = new Setting();
    this.shared = new Shared();
    this.strip = new Strip();
    this.piece = atom("piece", /** @type {Piece | null} */ (null));
    /** What of the outbox was stored last. */
    this.stored = atom("stored", /** @type {import("../../lib/outbox.js").Entry | null} */ (null));
    this.before = new Before(`labelled ${given.person} ${given.next}`);
    /** While the next turn comes. @type {Promise<void> | null} */
    this.going = null;
    this.line = new Line(given.next, (turn) => this.layOut(turn), first);
    this.told = {
      judge: (/** @type {string} */ key, /** @type {Verdict} */ verdict) => this.judge(verdict, key),
      confirm: (/** @type {string} */ key) => this.confirm(key),
    };
  }

  /** @param {Turn} turn @returns {Piece} */
  layOut(turn) {
    const total = turn.left === null ? {} : { total: turn.done + turn.open + turn.left };
    const inHand = new TurnInHand({ ...turn, ...total }, this.send);
    this.replay(inHand);
    this.shared.catchUp(inHand);
    const sheet = new Sheet(inHand, this.told, this.setting);
    sheet.prepare();
    return { inHand, sheet };
  }

  /** @param {Piece} piece @param {"open" | "next"} what is timed */
  show(piece, what) {
    this.lap();
    this.shared.catchUp(piece.inHand);
    states.hideAll();
    place("sheet").replaceChildren(piece.sheet.element);
    place("foot").hidden = false;
    this.piece.set(piece);
    this.strip.show(piece.inHand);
    this.drawFoot();
    this.moveTo(piece.inHand.at.get());
    timed(what, () => this.fetchAhead());
  }

  fetchAhead() {
    const piece = this.piece.get();
    // A person holds two turns at most, so the next one is given out once the last one's end is known.
    void this.ends.known().then(() => {
      if (piece && piece === this.piece.get() && piece.inHand.isOpen) this.line.fetchAhead([piece.inHand.turn.id]);
    });
  }

  /** @param {Verdict} verdict @param {string} [key] of the row; the one with the focus unless said */
  judge(verdict, key) {
    const inHand = this.piece.get()?.inHand;
    if (!inHand) return;
    if (!inHand.isOpen) return say("This task is submitted. Open it again to change it.");
    if (key) this.moveTo(key);
    const row = inHand.row;
    if (!row) return;
    if (!row.choices.includes(verdict)) {
      return inHand.mode.passes?.includes(verdict) ? this.move(1) : say(`${row.name} takes no such verdict.`);
    }
    this.lap();
    inHand.judge(row, verdict);
    this.strip.judged(inHand.spent.get(row.key) ?? 0);
    const next = (inHand.mode.nextOf ?? nextAfter)(inHand.rows.get(), row, verdict);
    say(spoken(row, inHand.rows.get()));
    this.moveTo(next ?? row.key);
    this.drawFoot();
  }

  /** Takes the proposed verdict over. @param {string} [key] */
  confirm(key) {
    const inHand = this.piece.get()?.inHand;
    const row = key ? inHand?.rows.get().find((one) => one.key === key) : inHand?.row;
    if (row?.proposed) this.judge(row.proposed, row.key);
    else say("Nothing is proposed here.");
  }

  flag() {
    const piece = this.piece.get();
    const row = piece?.inHand.row;
    if (!piece || !row?.number || !row.choices.length) return;
    this.change(piece, [{ number: row.number, flagged: !row.flagged }]);
    say(`${row.name}: ${row.flagged ? "not flagged any more" : "flagged"}.`);
  }

  /** What features say of steps. @param {Piece} piece @param {Change[]} changes */
  change({ inHand }, changes) {
    if (!inHand.isOpen) return say("This task is submitted. Open it again to change it.");
    inHand.say(changes);
    this.drawFoot();
  }

  /** @param {1 | -1} by */
  move(by) {
    const inHand = this.piece.get()?.inHand;
    if (inHand) this.moveTo(besideRow(inHand.rows.get(), inHand.at.get(), by));
  }

  /** @param {string} key */
  moveTo(key) {
    const piece = this.piece.get();
    if (!piece) return;
    this.lap();
    piece.inHand.at.set(key);
    piece.sheet.focus();
  }

  /** Takes the last change back; where this turn has none, the end of the one before: its submission, or that it was skipped. */
  undo() {
    const piece = this.piece.get();
    const key = piece?.inHand.isOpen ? piece.inHand.undo() : null;
    if (piece && key) {
      this.moveTo(key);
      say(`Undone: ${piece.inHand.row?.name ?? ""}.`);
      return this.drawFoot();
    }
    const last = this.before.last;
    if (last === undefined) return say("There is nothing to undo.");
    this.going ??= this.undoEnd(last).finally(() => (this.going = null));
  }

  /** @param {number} turn that was ended last */
  async undoEnd(turn) {
    const present = this.piece.get();
    performance.mark("label-next-asked");
    const last = this.before.drop(turn) ?? (await this.fetched(turn));
    if (!last) return;
    if (present?.inHand.isOpen) this.line.putBack(present);
    this.strip.notEnded(last.inHand);
    if (!last.inHand.isOpen) last.inHand.openAgain();
    this.show(last, "next");
    say("The task before is open again.");
  }

  /** One that was ended before the page was loaded anew. @param {number} turn @returns {Promise<Piece | null>} null where it does not come */
  async fetched(turn) {
    try {
      return this.layOut(await getJson(`${given.turns}${turn}`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What is not there any more is not asked for twice.
      if (error.isPassing) this.before.keep([...this.before.ids, turn]);
      say(`The task before could not be opened again: ${error.message}`);
      return null;
    }
  }

  openAgain() {
    const inHand = this.piece.get()?.inHand;
    if (!inHand) return;
    inHand.openAgain();
    this.isInState(inHand);
  }

  async submit() {
    const piece = this.piece.get();
    if (!piece) return;
    const { inHand } = piece;
    if (inHand.isOpen) {
      const missing = inHand.missing();
      if (missing.length) return this.refuse(missing);
      return this.end();
    }
    await this.goOn();
  }

  /** @param {Partial<import("../../lib/rows_to_judge.js").Ending>} [how] where it ends otherwise than by its verdicts */
  async end(how) {
    const piece = this.piece.get();
    if (!piece) return;
    this.lap();
    piece.inHand.submit(how);
    this.before.push(piece);
    this.strip.ended(piece.inHand);
    await this.goOn();
  }

  /** @param {string} reason */
  async skip(reason) {
    const piece = this.piece.get();
    if (!piece) return;
    this.lap();
    piece.inHand.skip(reason);
    this.before.push(piece);
    await this.goOn();
  }

  /** @param {string[]} missing keys of rows */
  refuse(missing) {
    const inHand = /** @type {Piece} */ (this.piece.get()).inHand;
    const unconfirmed = inHand.rows.get().filter((row) => missing.includes(row.key) && row.proposed).length;
    const said = unconfirmed ? `${plural(unconfirmed, "proposal")} of ${plural(missing.length, "row")} still to be confirmed or changed.` : `${plural(missing.length, "row")} still to be judged.`;
    this.moveTo(missing[0]);
    place("foot-said").textContent = said;
    say(said);
  }

  /** A turn is in another state, by another tab or since the server did not take it. @param {TurnInHand} inHand */
  isInState(inHand) {
    if (inHand.isOpen && this.before.drop(inHand.turn.id)) this.strip.notEnded(inHand);
    if (this.piece.get()?.inHand === inHand) this.drawFoot();
  }

  /** Shows the next turn, or why there is none; asked again meanwhile, the same one. */
  goOn() {
    this.going ??= this.next().finally(() => (this.going = null));
    return this.going;
  }

  async next() {
    performance.mark("label-next-asked");
    const last = this.piece.get()?.inHand.turn.id;
    const waits = setTimeout(() => this.clear(), 60);
    const besides = [...this.ends.ids];
    let answer = await this.line.take(besides);
    // That there is none was said before an end was known, also where it has become known by the time that the answer comes.
    if (!answer.piece && !answer.error && besides.length) answer = await this.ends.known().then(() => this.line.take([]));
    clearTimeout(waits);
    const { piece, why, sentence, error } = answer;
    if (piece) return this.show(piece, last ? "next" : "open");
    this.clear();
    if (error) states.showFailure(error, () => void this.goOn());
    else states.showNone({ why, sentence }, this.strip, () => void this.goOn());
  }

  /** Nothing is in hand while one waits. */
  clear() {
    place("sheet").replaceChildren();
    place("foot").hidden = true;
    this.piece.set(null);
    states.showLoading();
  }

  drawFoot() {
    const inHand = this.piece.get()?.inHand;
    if (!inHand) return;
    const missing = inHand.isOpen ? inHand.missing().length : 0;
    place("foot-said").textContent = missing ? `${missing} to judge` : inHand.isOpen ? "All judged" : `This task is ${inHand.state.get()}.`;
    place("submit-words").textContent = inHand.isOpen ? "Submit and next" : "Next";
    place("open-again").hidden = inHand.isOpen;
    for (const part of ["flag", "critique", "own-step", "skip", "give-up", "bad-problem"]) place(part).hidden = !inHand.isOpen;
    root.toggleAttribute("data-reading", !inHand.isOpen);
  }

  /** What was spent since the last lap went into the row that has the focus. */
  lap() {
    const seconds = this.attention.lap(performance.now());
    this.piece.get()?.inHand.attend(seconds);
  }
}
