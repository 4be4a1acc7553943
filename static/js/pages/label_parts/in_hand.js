/**
 * One turn while somebody is at it: what they said, the rows that follow, how it ends, and what is sent of all that. It shows
 * nothing, and waits for no answer: what is sent stands in the outbox.
 * @module
 */

import { atom } from "../../lib/atom.js";
import { Judging } from "../../lib/judging.js";
import { NO_ENDING, nextWanted } from "../../lib/rows_to_judge.js";
import { newUuid } from "../../lib/uuid.js";
import { draftOf, keepDraft } from "../../net/drafts.js";
import { modeOf } from "./modes/index.js";

/** @typedef {import("../../lib/judging.js").Turn} Turn */
/** @typedef {import("../../lib/judging.js").Change} Change */
/** @typedef {import("../../lib/rows_to_judge.js").Row} Row */
/** @typedef {import("../../lib/rows_to_judge.js").Ending} Ending */
/** @typedef {import("../../lib/rows_to_judge.js").Finish} Finish */
/** @typedef {import("../../lib/format.js").Verdict} Verdict */
/** @typedef {"labels" | "state" | "own-steps" | `critiques/${number}`} Kind of what is sent, as the API calls it */
/** @typedef {(turn: number, kind: Kind, body: {client_uuid: string} & Record<string, unknown>) => void} Send */

export class TurnInHand {
  /**
   * @param {Turn} turn
   * @param {Send} send
   */
  constructor(turn, send) {
    this.turn = turn;
    this.send = send;
    this.mode = modeOf(turn.queue.mode);
    this.judging = new Judging(turn);
    this.state = atom("state of the turn", turn.state);
    /** How it ended last, empty while it never did. @type {Turn["state"] | ""} */
    this.ended = "";
    this.ending = atom("ending", endingKept(turn));
    this.rows = atom("rows", this.mode.rowsOf(turn, this.judging.said, this.ending.get()));
    this.at = atom("row", this.mode.startOf?.(this.rows.get()) ?? nextWanted(this.rows.get(), "") ?? this.rows.get().at(0)?.key ?? "");
    /** Seconds of attention by row. @type {Map<string, number>} */
    this.spent = new Map();
    this.seconds = turn.seconds;
    this.ending.watch((ending) => keepEnding(turn, ending));
    this.state.watch((state) => this.hasEnded(state));
    this.hasEnded(turn.state);
  }

  /** @param {Turn["state"]} state */
  hasEnded(state) {
    if (state !== "open") this.ended = state;
  }

  get isOpen() {
    return this.state.get() === "open";
  }

  /** @returns {Row | undefined} the row that has the focus */
  get row() {
    return this.rows.get().find((row) => row.key === this.at.get());
  }

  /** @param {number} seconds that went into the row that has the focus */
  attend(seconds) {
    this.seconds += seconds;
    this.spent.set(this.at.get(), (this.spent.get(this.at.get()) ?? 0) + seconds);
  }

  /**
   * @param {Row} row
   * @param {Verdict} verdict one of its choices
   */
  judge(row, verdict) {
    const { changes, ending } = this.mode.judge(row, verdict, this.rows.get());
    const seconds = this.spent.has(row.key) ? rounded(this.spent.get(row.key) ?? 0) : null;
    this.say(changes.map((change) => (change.number === row.number ? { ...change, seconds } : change)), ending);
  }

  /**
   * Changes what stands, as one thing to undo, and sends it.
   * @param {Change[]} changes
   * @param {Partial<Ending>} [ending]
   */
  say(changes, ending) {
    const bodies = this.judging.say(changes);
    if (ending) {
      this.judging.end(this.ending.get(), bodies.length === 0);
      this.ending.set({ ...this.ending.get(), ...ending });
    }
    this.sendAll(bodies);
  }

  /** @returns {string | null} key of the row whose verdict or own step was taken back; null where nothing was left to take back */
  undo() {
    const end = this.judging.undoEnd();
    if (end) this.ending.set(end.before);
    const own = end?.isAlone ? null : this.judging.undoOwn();
    if (own) {
      this.sendOwn(own);
      return this.rowOfOwn(own)?.key ?? this.at.get();
    }
    const bodies = end?.isAlone ? [] : this.judging.undo();
    if (!bodies) return null;
    this.sendAll(bodies);
    return this.rows.get().find((row) => row.number === bodies.at(-1)?.number)?.key ?? this.at.get();
  }

  /** Where a step of one's own stands, or was written. @param {import("../../lib/judging.js").OwnStep} own @returns {Row | undefined} */
  rowOfOwn({ parent, instead_of, client_uuid }) {
    const rows = this.rows.get();
    const number = instead_of ?? this.turn.levels?.find((level) => level.parent === parent)?.steps.at(-1)?.number;
    return rows.find((row) => row.key === `own-${client_uuid}`) ?? rows.find((row) => (number ? row.number === number : row.kind === "end"));
  }

  /** What was said elsewhere, or waited in the outbox, stands. @param {number} number @param {any} row */
  take(number, row) {
    this.judging.take(number, row);
    this.draw();
  }

  /** What was said and came to nothing. @param {number} number @param {string[]} uuids */
  giveUp(number, uuids) {
    this.judging.giveUp(number, uuids);
    this.draw();
  }

  /** Alternatives that were not known before. @param {Partial<import("../../lib/judging.js").Turn>} more */
  learn(more) {
    this.judging.learn({ ...this.turn, steps: [], levels: [], ...more });
    this.draw();
  }

  /** @param {import("../../lib/judging.js").OwnStep} own an empty text takes back what was written there */
  writeOwnStep(own) {
    this.judging.write(own);
    this.sendOwn(own);
  }

  /** A step the person wrote elsewhere takes the place of the one they wrote there before. @param {import("../../lib/judging.js").OwnStep} own */
  takeOwnStep(own) {
    this.judging.takeOwn(own);
    this.draw();
  }

  /** What was written and came to nothing. @param {import("../../lib/judging.js").OwnStep} own @param {string[]} uuids */
  giveUpOwnStep(own, uuids) {
    this.judging.giveUpOwn(own, uuids);
    this.draw();
  }

  /** @param {import("../../lib/judging.js").OwnStep} own */
  sendOwn({ parent, instead_of, text, client_uuid }) {
    this.send(this.turn.id, "own-steps", { parent, instead_of, text, client_uuid });
    this.draw();
  }

  /** @returns {string[]} keys of the rows without which it cannot be submitted */
  missing() {
    return this.mode.missing(this.turn, this.judging.said, this.ending.get());
  }

  /** @param {Partial<Ending>} [how] where it ends otherwise than by its verdicts */
  submit(how) {
    const ending = how ? { ...NO_ENDING, ...how } : this.mode.endingOf(this.turn, this.judging.said, this.ending.get());
    this.change("submitted", ending);
    keepDraft(keyOf(this.turn), { text: "", uuid: "" });
  }

  /** @param {string} reason */
  skip(reason) {
    this.change("skipped", { ...NO_ENDING, reason });
  }

  /** Undoes a submission or a skip. */
  openAgain() {
    this.change("open", NO_ENDING);
  }

  /** @param {Turn["state"]} state @param {Ending} ending */
  change(state, ending) {
    this.send(this.turn.id, "state", { client_uuid: newUuid(), state, ...ending, seconds: rounded(this.seconds) });
    this.state.set(state);
    this.draw();
  }

  /** @param {import("../../lib/judging.js").LabelBody[]} bodies */
  sendAll(bodies) {
    for (const body of bodies) {
      // A critique is another's label: what is said of it stands at minus that label.
      if (body.number < 0) this.send(this.turn.id, `critiques/${-body.number}`, { client_uuid: body.client_uuid, verdict: body.verdict });
      else this.send(this.turn.id, "labels", body);
    }
    this.draw();
  }

  draw() {
    this.turn.own_steps = [...this.judging.own.values()];
    this.rows.set(this.mode.rowsOf(this.turn, this.judging.said, this.ending.get()));
  }
}

/** @param {number} seconds */
function rounded(seconds) {
  return Math.round(seconds * 10) / 10;
}

/** @param {Turn} turn */
function keyOf(turn) {
  return `turn-ending:${turn.id}`;
}

/** How it is to end was chosen before the page was loaded anew. @param {Turn} turn @returns {Ending} */
function endingKept(turn) {
  if (turn.state !== "open") return { finish: /** @type {Finish} */ (turn.finish), reason: turn.reason, progress: turn.progress };
  const { text } = draftOf(keyOf(turn));
  return text ? { ...NO_ENDING, ...JSON.parse(text) } : NO_ENDING;
}

/** @param {Turn} turn @param {Ending} ending */
function keepEnding(turn, ending) {
  keepDraft(keyOf(turn), { text: JSON.stringify(ending), uuid: "" });
}
