/**
 * What the steps are coloured by: offers what there are numbers for, fetches what is chosen, says in the legend what is seen,
 * and keeps up with a tree that grows and with people who label. Paints nothing itself.
 * @module
 */

import { atom } from "../../lib/atom.js";
import { bucketIn } from "../../lib/colour.js";
import { ScoresFolded, isMaker, isScorer } from "../../lib/scores_folded.js";
import { ApiError, getJson } from "../../net/api.js";
import { OverlayData } from "../../net/overlays.js";
import { Overlays } from "../../overlays/index.js";
import { showLegend } from "../../panels/legend.js";
import { keep, openedWith } from "./address.js";
import { given, place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("../../overlays/index.js").Overlay} Overlay */

const SCORE_COLOURS = "score-colours";
/** How long a list of numbers, and what others said, may be old before it is asked for again. */
const REST_MS = 2_000;
const OLD_MS = 10_000;

// Before the canvas reads its colours.
document.documentElement.dataset.scoreColours = localStorage.getItem(SCORE_COLOURS) ?? "";

export class Colours {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.data = new OverlayData({ overlays: given.overlays, visits: given.visits });
    this.overlays = new Overlays({
      labels: page.labels,
      column: this.data.column,
      simulations: this.data.simulations,
      scoresAt: (maker, cursor) => this.scoresAt(maker, cursor),
    });
    /** @type {Map<string, ScoresFolded>} */
    this.folded = new Map();
    /** What the reader wants to see coloured, before the tree has it. */
    this.wanted = openedWith("colour");
    this.menu = /** @type {HTMLSelectElement} */ (place("colour"));
    /** What the menu was last made of. */
    this.listed = "";
    /** Why the chosen numbers are not there, null where they are or are on their way. @type {string | null} */
    this.failure = null;
    this.isLoading = false;
    /** How often numbers have come; watched by whoever shows some besides the picture. */
    this.fetched = atom("numbers fetched", 0);
    this.askedAt = 0;
    this.isResting = false;
    this.isDue = false;
  }

  /**
   * A scorer's scores as they stood, where the events are known that far.
   * @param {import("../../lib/columns.js").MakerName} maker
   * @param {number} cursor
   */
  scoresAt(maker, cursor) {
    const { events, tree } = this.page;
    const known = events.now.get();
    if (known.count < Math.min(cursor, tree.header.seq)) return null;
    const { scorer } = tree.header;
    const isPlaying = scorer?.kind === maker.kind && scorer.key === maker.key;
    const name = isPlaying ? "" : JSON.stringify(maker);
    const folded = this.folded.get(name) ?? new ScoresFolded(isPlaying ? isScorer(maker) : isMaker(maker));
    this.folded.set(name, folded);
    return folded.at(known, tree.count, cursor);
  }

  start() {
    this.offer();
    this.menu.addEventListener("change", () => this.choose(this.menu.value));
    this.page.overlay.watch(() => void this.load());
    this.page.cursor.watch(() => this.page.branch.recolour());
    // Until the log is there, a moment of the past is shown in the scores of today.
    this.page.events.now.watch(() => this.page.cursor.get() !== null && this.haveCome());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && performance.now() - this.askedAt > OLD_MS) void this.renew();
    });
    void this.load();
    void this.askCatalogue();
  }

  /** The list of what there are numbers for. Without it the tree is coloured by what came with it. */
  async askCatalogue() {
    this.askedAt = performance.now();
    await this.attempt(async () => {
      if (await this.data.loadCatalogue()) this.offer();
      // The panel and the replay say what a tree search counted, whatever colours the steps.
      if (!this.data.catalogue.some(({ key }) => key === "visits")) return;
      await this.data.simulations.load();
      this.page.details.redraw();
    });
  }

  offer() {
    const { tree, overlay } = this.page;
    const offered = this.overlays.offered(tree, this.data.catalogue);
    const listed = offered.map(({ key }) => key).join();
    if (this.listed === listed) return;
    this.listed = listed;
    this.offered = offered;
    const chosen = this.wanted === "none" ? null : (offered.find(({ key }) => key === this.wanted) ?? offered[0] ?? null);
    const groups = [...new Set(offered.map(({ group }) => group))].map((group) => this.group(group, offered));
    this.menu.replaceChildren(...groups, new Option("None", "none"));
    this.menu.value = chosen?.key ?? "none";
    overlay.set(chosen);
  }

  /** @param {string} name @param {Overlay[]} offered */
  group(name, offered) {
    const group = document.createElement("optgroup");
    group.label = name;
    group.append(...offered.filter((overlay) => overlay.group === name).map((overlay) => new Option(overlay.name, overlay.key)));
    return group;
  }

  /** @param {string} key as the reader chose */
  choose(key) {
    this.wanted = key;
    this.menu.value = key;
    this.page.overlay.set(this.overlays.made.get(key) ?? this.offered?.find((overlay) => overlay.key === key) ?? null);
  }

  /** Fetches the numbers of the chosen overlay, where they did not come with the tree. */
  async load() {
    const overlay = this.page.overlay.get();
    this.failure = null;
    if (!overlay?.load) {
      this.isLoading = false;
      this.showLegend();
      return;
    }
    this.isLoading = true;
    this.showLegend();
    const why = await this.attempt(() => /** @type {() => Promise<void>} */ (overlay.load)());
    if (this.page.overlay.get() !== overlay) return;
    this.isLoading = false;
    this.failure = why;
    this.haveCome();
  }

  haveCome() {
    this.page.showScores();
    this.fetched.set(this.fetched.get() + 1);
  }

  /** @param {() => Promise<void>} act @returns {Promise<string | null>} why the server did not answer */
  async attempt(act) {
    try {
      await act();
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.message;
    }
  }

  /** The tree has grown: what was fetched of it is asked for anew, at most every two seconds. */
  grow() {
    this.offer();
    this.showLegend();
    this.isDue = true;
    if (!this.isResting) void this.catchUp();
  }

  async catchUp() {
    this.isDue = false;
    this.isResting = true;
    if (performance.now() - this.askedAt > OLD_MS) await this.askCatalogue();
    await this.attempt(() => this.data.refresh());
    if (this.page.overlay.get()?.load) this.haveCome();
    setTimeout(() => {
      this.isResting = false;
      if (this.isDue) void this.catchUp();
    }, REST_MS);
  }

  /** Somebody comes back to the page: scores may have been added meanwhile, and others may have labelled. */
  async renew() {
    await this.askCatalogue();
    await this.attempt(async () => {
      this.page.labels.renew(await getJson(given.labels));
      this.page.showLabels();
    });
    this.grow();
    this.page.details.redraw();
  }

  /** @returns {Overlay | null} none where the reader hid what it shows */
  shown() {
    const wanted = this.page.overlay.get();
    return this.page.scoresHidden.get() && wanted?.showsScores ? null : wanted;
  }

  showLegend() {
    const shown = this.shown();
    showLegend(place("legend"), this.page.tree, shown, {
      isHidden: shown !== this.page.overlay.get(),
      isLoading: this.isLoading,
      failure: this.failure,
      again: () => void this.load(),
      swap: () => this.swapScoreColours(),
    });
  }

  /** Red and blue, or orange and purple: kept with the browser. */
  swapScoreColours() {
    const root = document.documentElement;
    root.dataset.scoreColours = root.dataset.scoreColours ? "" : "orange-purple";
    localStorage.setItem(SCORE_COLOURS, root.dataset.scoreColours);
    root.dispatchEvent(new Event("theme-changed"));
  }

  /**
   * What stands beside a step in words: the number that is coloured, else the score.
   * @param {number} step
   * @returns {{value: string, isScore: boolean}} the value empty where there is none
   */
  valueOf(step) {
    const { tree, cursor } = this.page;
    const shown = this.shown() ?? this.overlays.played(tree.header.scorer);
    const value = shown.values(tree, cursor.get())[step];
    return { value: Number.isNaN(value) ? "" : shown.format(value), isScore: shown.showsScores };
  }

  /** The colour that the picture gives a step. @param {HTMLElement} swatch @param {number} step */
  paintSwatch(swatch, step) {
    const { tree, canvas, cursor } = this.page;
    const overlay = this.shown();
    const bucket = overlay ? bucketIn(overlay, overlay.values(tree, cursor.get())[step], overlay.domain(tree)) : -1;
    swatch.style.background = overlay && bucket >= 0 ? canvas.theme.scales[overlay.scale(tree)][bucket] : "";
    return this.valueOf(step);
  }

  writeAddress() {
    keep("colour", this.wanted ?? this.page.overlay.get()?.key ?? "none");
  }
}
