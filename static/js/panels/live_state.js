/**
 * Says how the page stands to a run that is being played: live, reconnecting, offline, signed out, gone. Quietly: the words
 * change as often as they must, a screen reader hears them at most every ten seconds.
 * @module
 */

import { count, plural } from "../lib/format.js";
import { element } from "./element.js";

/** @typedef {"live" | "connecting" | "reconnecting" | "polling" | "offline" | "signed-out" | "refused" | "gone" | "over"} Standing */
/** @typedef {{standing: Standing, seq: number, steps: number}} LiveState */

const SPOKEN_EVERY_MS = 10_000;
/** @type {Record<Exclude<Standing, "over" | "signed-out">, {glyph: string, words: string}>} */
const WORDS = {
  live: { glyph: "●", words: "live" },
  connecting: { glyph: "◌", words: "connecting" },
  reconnecting: { glyph: "◌", words: "reconnecting" },
  polling: { glyph: "◔", words: "looks every 5 s" },
  offline: { glyph: "◌", words: "offline" },
  refused: { glyph: "!", words: "You may no longer look at this run" },
  gone: { glyph: "!", words: "This run is gone: it was deleted, or you are no longer in its team" },
};

export class LiveStatePanel {
  /**
   * @param {HTMLElement} host
   * @param {HTMLElement} spoken a polite live region
   * @param {string} signIn address of the sign-in page
   */
  constructor(host, spoken, signIn) {
    this.host = host;
    this.spoken = spoken;
    this.signIn = signIn;
    this.said = "";
    this.wanted = "";
    this.isWaiting = false;
  }

  /** @param {LiveState} state */
  show(state) {
    this.host.hidden = state.standing === "over";
    if (this.host.dataset.standing !== state.standing) this.host.replaceChildren(...this.content(state.standing));
    this.host.dataset.standing = state.standing;
    const at = this.host.querySelector(".live-event");
    if (at) at.textContent = place(state);
    this.speak(sentence(state));
  }

  /** @param {Standing} standing */
  content(standing) {
    if (standing === "over") return [];
    if (standing !== "signed-out") {
      const { glyph, words } = WORDS[standing];
      const mark = element("span", "live-glyph", glyph);
      mark.setAttribute("aria-hidden", "true");
      return [mark, element("span", "", words), element("span", "live-event mono quiet")];
    }
    const link = element("a", "", "Sign in");
    link.href = this.signIn;
    link.target = "_blank";
    return [element("span", "", "Your session has ended. "), link, element("span", "", " in a new tab; this page goes on then."), element("span", "live-event mono quiet")];
  }

  /**
   * The newest words, once the last ones are ten seconds old.
   * @param {string} words
   */
  speak(words) {
    this.wanted = words;
    if (this.isWaiting) return;
    if (this.wanted === this.said) return;
    this.said = this.wanted;
    this.spoken.textContent = this.said;
    this.isWaiting = true;
    setTimeout(() => {
      this.isWaiting = false;
      this.speak(this.wanted);
    }, SPOKEN_EVERY_MS);
  }
}

/** @param {LiveState} state */
function place({ standing, seq }) {
  return ["live", "connecting", "polling"].includes(standing) ? `event ${count(seq)}` : `last seen at event ${count(seq)}`;
}

/** @param {LiveState} state */
function sentence({ standing, seq, steps }) {
  if (standing === "over") return `The run has ended with ${plural(steps, "step")}.`;
  if (standing === "signed-out") return "Your session has ended. Sign in to go on.";
  return `${WORDS[standing].words}: ${plural(steps, "step")}, ${place({ standing, seq, steps })}.`;
}
