/**
 * The bar of the replay: buttons, speed, a slider over the decisions, and what it says of the moment. It moves nothing by
 * itself; what is pressed is handed on.
 * @module
 */

/** @typedef {import("../lib/replay.js").Decision} Decision */
/**
 * @typedef {object} Doings
 * @property {() => void} back
 * @property {() => void} play
 * @property {() => void} on
 * @property {() => void} now
 * @property {() => void} again after a failure
 * @property {(place: number) => void} go
 * @property {() => void} touched somebody comes near
 * @property {(speed: number) => void} speed
 * @property {(isFollowed: boolean) => void} follow
 * @property {(isOpen: boolean) => void} list
 */
/** @typedef {{place: number, last: number, isNow: boolean, where: string, what: string, why: string, cost: string}} Moment */

export class ReplayBar {
  /**
   * @param {(part: string) => HTMLElement} place
   * @param {Doings} doings
   */
  constructor(place, doings) {
    this.root = place("replay");
    this.slider = /** @type {HTMLInputElement} */ (place("replay-slider"));
    this.marks = /** @type {HTMLCanvasElement} */ (place("replay-marks"));
    this.follow = /** @type {HTMLInputElement} */ (place("replay-follow"));
    this.speed = /** @type {HTMLSelectElement} */ (place("replay-speed"));
    this.list = place("replay-list");
    this.play = place("replay-play");
    this.glyph = place("replay-glyph");
    this.words = place("replay-words");
    this.why = place("replay-why");
    this.cost = place("replay-cost");
    this.now = /** @type {HTMLButtonElement} */ (place("replay-now"));
    this.failure = place("replay-failure");
    this.failureWords = place("replay-failure-words");
    for (const name of /** @type {const} */ (["back", "play", "on", "now", "again"])) {
      place(`replay-${name}`).addEventListener("click", () => doings[name]());
    }
    this.slider.addEventListener("input", () => doings.go(Number(this.slider.value)));
    this.speed.addEventListener("change", () => doings.speed(Number(this.speed.value)));
    this.follow.addEventListener("change", () => doings.follow(this.follow.checked));
    this.list.addEventListener("click", () => doings.list(this.list.getAttribute("aria-expanded") !== "true"));
    this.root.addEventListener("pointerenter", () => doings.touched());
    this.root.addEventListener("focusin", () => doings.touched());
  }

  get hasFailed() {
    return !this.failure.hidden;
  }

  /** @param {"idle" | "loading" | "ready"} state */
  stand(state) {
    this.root.dataset.state = state;
    this.root.setAttribute("aria-busy", String(state === "loading"));
    this.failure.hidden = true;
  }

  /** @param {string} words */
  fail(words) {
    this.stand("idle");
    this.failure.hidden = false;
    this.failureWords.textContent = words;
  }

  /** @param {Moment} moment */
  show({ place, last, isNow, where, what, why, cost }) {
    this.slider.max = String(last);
    this.slider.value = String(place);
    const words = what ? `${where}: ${what}` : where;
    this.slider.setAttribute("aria-valuetext", words);
    this.words.textContent = words;
    this.words.title = words;
    this.why.textContent = why;
    this.why.title = why;
    this.cost.textContent = cost;
    this.now.disabled = isNow;
    this.root.classList.toggle("replay-past", !isNow);
  }

  /** @param {boolean} isPlaying */
  showPlaying(isPlaying) {
    this.glyph.textContent = isPlaying ? "▮▮" : "▶";
    this.play.setAttribute("aria-label", isPlaying ? "Pause" : "Play the search");
  }

  /**
   * A strip behind the slider: a long mark where something was chosen, a short one where steps were given up. Nothing for
   * simulations, of which every place would have one.
   * @param {readonly Decision[]} decisions
   */
  mark(decisions) {
    const { width, height } = this.marks.getBoundingClientRect();
    const context = this.marks.getContext("2d");
    if (!context || !width) return;
    const ratio = devicePixelRatio;
    [this.marks.width, this.marks.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    context.scale(ratio, ratio);
    const style = getComputedStyle(this.marks);
    const gap = parseFloat(style.paddingInlineStart) || 0;
    const per = (width - 2 * gap) / (decisions.length + 1);
    /** @type {Record<string, [string, number]>} */
    const looks = { prune: [style.borderBlockStartColor, 0.5], choose: [style.color, 1] };
    // Decisions that share a pixel share its mark, and a choice is seen before a prune.
    for (const what of ["prune", "choose"]) {
      const [colour, share] = looks[what];
      context.fillStyle = colour;
      let drawn = -1;
      for (let at = 0; at < decisions.length; at++) {
        const x = Math.round(gap + (at + 1) * per);
        if (decisions[at].what !== what || x === drawn) continue;
        context.fillRect(x - 0.5, height * (1 - share), 1, height * share);
        drawn = x;
      }
    }
  }
}
