/**
 * Says how the page stands to a run that is being played: live, reconnecting, offline, signed out, gone. Quietly: the words
 * change as often as they must, a screen reader hears them at most every ten seconds.
 * @module
 */

import { count, plural } from "../lib/format.js";
import { STANDINGS } from "../lib/standing.js";
import { element } from "./element.js";

/** @typedef {import("../lib/standing.js").Standing | "signed-out" | "refused" | "gone" | "over"} Standing */
/** @typedef {{standing: Standing, seq: number, steps: number}} LiveState */

const SPOKEN_EVERY_MS = 10_000;
/** @type {Partial<Record<Standing, {glyph: string, words: string}>>} */
const LINE = STANDINGS;
/** @type {Partial<Record<Standing, string>>} */
const STOPPED = {
  "signed-out": "Your session has ended.",
  refused: "You may no longer look at this run.",
  gone: "This run is gone: it was deleted, or you are no longer in its team.",
};

export class LiveStatePanel {
  /**
   * @param {(part: string) => HTMLElement} placeOf `live` in the strip, `live-notice` for what stops it, `live-spoken` a polite
   *   live region
   * @param {string} signIn address of the sign-in page
   */
  constructor(placeOf, signIn) {
    this.host = placeOf("live");
    this.notice = placeOf("live-notice");
    this.spoken = placeOf("live-spoken");
    this.signIn = signIn;
    this.said = "";
    this.wanted = "";
    this.isWaiting = false;
  }

  /** @param {LiveState} state */
  show(state) {
    const line = LINE[state.standing];
    this.host.hidden = !line;
    this.host.dataset.standing = state.standing;
    if (line) this.host.replaceChildren(...inStrip(line, state));
    if (this.notice.dataset.standing !== state.standing) this.notice.replaceChildren(...this.stopped(state));
    this.notice.dataset.standing = state.standing;
    this.speak(sentence(state));
  }

  /** @param {LiveState} state */
  stopped(state) {
    const words = STOPPED[state.standing];
    if (!words) return [];
    const made = element("p", "notice notice-error", words, ` What you see is the tree as of event ${count(state.seq)}.`);
    if (state.standing === "signed-out") {
      const link = element("a", "", "Sign in");
      link.href = this.signIn;
      link.target = "_blank";
      made.append(" ", link, " in a new tab, and this page goes on where it is.");
    }
    return [made];
  }

  /**
   * The newest words, once the last ones are ten seconds old.
   * @param {string} words
   */
  speak(words) {
    this.wanted = words;
    if (this.isWaiting || this.wanted === this.said) return;
    this.said = this.wanted;
    this.spoken.textContent = this.said;
    this.isWaiting = true;
    setTimeout(() => {
      this.isWaiting = false;
      this.speak(this.wanted);
    }, SPOKEN_EVERY_MS);
  }
}

/**
 * @param {{glyph: string, words: string}} line
 * @param {LiveState} state
 */
function inStrip({ glyph, words }, state) {
  const mark = element("span", "live-glyph", glyph);
  mark.setAttribute("aria-hidden", "true");
  const at = state.seq ? [" · ", element("span", "live-event", place(state))] : [];
  return [mark, element("span", "", words, ...at)];
}

/** @param {LiveState} state */
function place({ standing, seq }) {
  return standing === "reconnecting" || standing === "offline" ? `last seen at event ${count(seq)}` : `event ${count(seq)}`;
}

/** @param {LiveState} state */
function sentence(state) {
  const { standing, steps } = state;
  if (standing === "over") return `The run has ended with ${plural(steps, "step")}.`;
  return STOPPED[standing] ?? `${LINE[standing]?.words}: ${plural(steps, "step")}, ${place(state)}.`;
}
