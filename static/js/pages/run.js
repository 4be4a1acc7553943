/**
 * The tree page: puts canvas, branch, step and labels together. What each of them does stands in its own module.
 * @module
 */

import { attachKeys, attachPanKeys } from "../canvas/keyboard.js";
import { attachPointer } from "../canvas/pointer.js";
import { watchTheme } from "../canvas/theme.js";
import { TreeCanvas } from "../canvas/tree_canvas.js";
import { atom } from "../lib/atom.js";
import { BUCKETS, bucketOf } from "../lib/colour.js";
import { readColumns } from "../lib/columns.js";
import { branchOf, childrenOf, leafThrough, siblingOf, treeOf } from "../lib/tree.js";
import { readAddress, writeAddress } from "../lib/url_state.js";
import { ApiError, getColumns, getJson } from "../net/api.js";
import { Steps } from "../net/steps.js";
import { overlayOf, overlaysOf } from "../overlays/index.js";
import { Labels } from "../overlays/labels.js";
import { score as scores } from "../overlays/score.js";
import { sayStep } from "../panels/announce.js";
import { BranchPanel } from "../panels/branch.js";
import { LabelPanel } from "../panels/label.js";
import { showLegend } from "../panels/legend.js";
import { StepPanel } from "../panels/step.js";
import { typeset } from "../panels/typeset.js";

/** @typedef {import("../overlays/index.js").Overlay} Overlay */

const SIBLINGS_SHOWN = 40;
const HIDDEN_KEY = "hide-scores";

/** @param {string} part @returns {HTMLElement} */
function place(part) {
  const found = document.querySelector(`[data-part="${part}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no part ${part}.`);
  return found;
}

const root = place("run");
const paths = /** @type {{tree: string, steps: string, labels: string, runPage: string}} */ (/** @type {unknown} */ (root.dataset));

class RunPage {
  /**
   * @param {import("../lib/tree.js").Tree} tree
   * @param {Labels} labels
   */
  constructor(tree, labels) {
    this.tree = tree;
    this.labels = labels;
    this.steps = new Steps(paths.steps);
    this.leaf = 0;
    /** @type {import("../lib/atom.js").Atom<number>} */
    this.selected = atom("selected step", 0);
    this.overlay = atom("overlay", /** @type {Overlay | null} */ (null));
    this.scoresHidden = atom("scores hidden", localStorage.getItem(HIDDEN_KEY) === "1");
    this.canvas = new TreeCanvas(place("canvas"));
    this.branch = new BranchPanel(place("branch"), this.select, (swatch, step) => this.paintSwatch(swatch, step));
    this.step = new StepPanel(place("step"), this.select, (at) => this.heat(at));
    this.label = root.dataset.mayLabel ? this.labelPanel() : null;
    // After the canvas, which reads the new theme: swatches and token heat take their colours from it.
    watchTheme(() => this.showScores());
  }

  labelPanel() {
    return new LabelPanel(place("label"), {
      path: paths.steps,
      labels: this.labels,
      selected: this.selected.get,
      scoresInView: () => !this.scoresHidden.get() && this.tree.header.scorer !== null,
      select: this.select,
      moveOn: () => this.move(1),
      changed: () => this.showLabels(),
    });
  }

  start() {
    this.canvas.show(this.tree);
    this.canvas.labels = this.labels;
    this.bind();
    const { step, colour } = readAddress(location.href);
    const offered = overlaysOf(this.tree);
    this.overlay.set(colour === "none" ? null : (offered.find(({ key }) => key === colour) ?? offered[0] ?? null));
    this.offerOverlays(offered);
    this.showScores();
    this.showStatement();
    // Without a step in the address the whole tree stays in view, with the likeliest branch beside it to read from the top.
    const first = branchOf(this.tree, leafThrough(this.tree, 0))[0] ?? 0;
    const isKnown = step > 0 && step <= this.tree.count;
    this.selected.set(isKnown ? step : first);
    this.selected.watch(() => this.writeAddress());
    this.overlay.watch(() => this.writeAddress());
  }

  bind() {
    this.selected.watch((step) => void this.showStep(step));
    this.overlay.watch(() => this.showScores());
    this.scoresHidden.watch((hidden) => {
      localStorage.setItem(HIDDEN_KEY, hidden ? "1" : "0");
      this.showScores();
    });
    attachPointer(this.canvas, this.select);
    attachPanKeys(this.canvas);
    attachKeys(this.actions());
    this.bindTools();
  }

  /** @returns {Record<string, () => void>} */
  actions() {
    const { tree, selected, label } = this;
    const at = () => selected.get();
    /** @type {Record<string, () => void>} */
    const actions = {
      j: () => this.move(1),
      k: () => this.move(-1),
      h: () => this.select(tree.parent[at()] || at()),
      l: () => this.select(this.nextOnBranch(at()) ?? childrenOf(tree, at())[0] ?? at()),
      "[": () => this.select(siblingOf(tree, at(), -1)),
      "]": () => this.select(siblingOf(tree, at(), 1)),
      "=": () => this.canvas.zoom(1.4),
      "_": () => this.canvas.zoom(1 / 1.4),
      z: () => this.canvas.fit(),
      s: () => this.scoresHidden.set(!this.scoresHidden.get()),
      "?": () => /** @type {HTMLDialogElement} */ (place("keys")).showModal(),
    };
    if (!label) return actions;
    for (const [keys, verdict] of /** @type {const} */ ([["1-−", "bad"], ["20", "neutral"], ["3+", "good"], ["4", "unsure"]])) {
      for (const key of keys) actions[key] = () => label.give(verdict);
    }
    actions.u = () => label.undo();
    return actions;
  }

  bindTools() {
    /** @type {Record<string, () => void>} */
    const tools = {
      "zoom-in": () => this.canvas.zoom(1.4),
      "zoom-out": () => this.canvas.zoom(1 / 1.4),
      fit: () => this.canvas.fit(),
      left: () => this.canvas.pan(120, 0),
      right: () => this.canvas.pan(-120, 0),
      up: () => this.canvas.pan(0, 120),
      down: () => this.canvas.pan(0, -120),
      "hide-scores": () => this.scoresHidden.set(!this.scoresHidden.get()),
      "show-keys": () => /** @type {HTMLDialogElement} */ (place("keys")).showModal(),
    };
    for (const [part, act] of Object.entries(tools)) place(part).addEventListener("click", act);
    const menu = /** @type {HTMLSelectElement} */ (place("colour"));
    menu.addEventListener("change", () => this.overlay.set(overlayOf(menu.value)));
  }

  /** @param {Overlay[]} offered */
  offerOverlays(offered) {
    const menu = /** @type {HTMLSelectElement} */ (place("colour"));
    menu.replaceChildren(...offered.map(({ key, name }) => new Option(name, key)), new Option("None", "none"));
    menu.value = this.overlay.get()?.key ?? "none";
  }

  select = (/** @type {number} */ step) => {
    if (step > 0) this.selected.set(step);
  };

  /** @param {number} by along the branch */
  move(by) {
    const branch = branchOf(this.tree, this.leaf);
    this.select(branch[branch.indexOf(this.selected.get()) + by] ?? this.selected.get());
  }

  /** @param {number} step */
  nextOnBranch(step) {
    const branch = branchOf(this.tree, this.leaf);
    return branch[branch.indexOf(step) + 1];
  }

  /** @param {number} step */
  async showStep(step) {
    if (!branchOf(this.tree, this.leaf).includes(step)) this.leaf = leafThrough(this.tree, step);
    this.canvas.select(step);
    this.label?.startClock();
    const branch = branchOf(this.tree, this.leaf);
    try {
      await this.steps.loadBranch(branch);
      if (this.selected.get() !== step) return;
      place("failure").hidden = true;
    } catch (error) {
      showFailure(error, () => void this.showStep(step));
      return;
    }
    this.branch.show(branch, this.steps.known);
    this.branch.mark(step);
    this.branch.recolour();
    this.showLabels();
    place("announce").textContent = sayStep(this.tree, step, this.steps.known, this.scoresHidden.get());
    await this.showDetails(step);
  }

  /** First what is known already, then what has to come: siblings and tokens. @param {number} step */
  async showDetails(step) {
    const siblings = childrenOf(this.tree, this.tree.parent[step]);
    const near = [step, ...this.bestOf(siblings)];
    this.renderStep(step, siblings);
    try {
      if (await this.steps.loadSome(near)) this.renderStep(step, siblings);
      const tokens = await this.steps.tokens(step);
      if (this.selected.get() === step) this.step.showTokens(tokens);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.selected.get() === step) this.step.showFailure(error.message, () => void this.showDetails(step));
    }
  }

  /** As many siblings as are shown: the best, or with scores hidden the first. @param {number[]} siblings */
  bestOf(siblings) {
    const { score } = this.tree;
    const worth = (/** @type {number} */ step) => (Number.isNaN(score[step]) || this.scoresHidden.get() ? -Infinity : score[step]);
    const better = (/** @type {number} */ a, /** @type {number} */ b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a));
    return [...siblings].sort(better).slice(0, SIBLINGS_SHOWN);
  }

  /** @param {number} step @param {number[]} siblings */
  renderStep(step, siblings) {
    const known = (/** @type {number} */ number) => this.steps.known.get(number);
    const full = known(step);
    if (!full || this.selected.get() !== step) return;
    const loaded = this.bestOf(siblings).flatMap((number) => known(number) ?? []);
    const scoresHidden = this.scoresHidden.get();
    this.step.show({ step: full, siblings: loaded, siblingCount: siblings.length, labels: this.labels, scoresHidden });
  }

  showScores() {
    const hidden = this.scoresHidden.get();
    const wanted = this.overlay.get();
    const overlay = hidden && wanted?.showsScores ? null : wanted;
    root.classList.toggle("scores-hidden", hidden);
    place("hide-scores").setAttribute("aria-pressed", String(hidden));
    this.canvas.colourBy(overlay);
    showLegend(place("legend"), this.tree, overlay, hidden && wanted !== overlay);
    this.branch.recolour();
    const step = this.selected.get();
    if (step && this.steps.known.has(step)) void this.showDetails(step);
  }

  showLabels() {
    this.branch.showLabels(this.labels);
    this.canvas.redraw();
  }

  showStatement() {
    for (const text of document.querySelectorAll("[data-typeset]")) {
      if (text instanceof HTMLElement) typeset(text, text.textContent?.trim() ?? "");
    }
  }

  /** @param {HTMLElement} swatch @param {number} step the number beside it is the one that is coloured, else the score */
  paintSwatch(swatch, step) {
    const { overlay, theme } = this.canvas;
    const shown = overlay ?? scores;
    const value = shown.values(this.tree)[step];
    const bucket = overlay ? bucketOf(value, overlay.domain(this.tree)) : -1;
    swatch.style.background = overlay && bucket >= 0 ? theme.scales[overlay.scale(this.tree)][bucket] : "";
    return { text: Number.isNaN(value) ? "" : shown.format(value), isScore: shown.showsScores };
  }

  /** @param {number} at */
  heat(at) {
    return this.canvas.theme.scales.entropy[Math.round(at * (BUCKETS - 1))];
  }

  writeAddress() {
    const colour = this.overlay.get()?.key ?? "none";
    history.replaceState(null, "", writeAddress(location.href, paths.runPage, { step: this.selected.get(), colour }));
  }
}

/** @param {unknown} error @param {() => void} again */
function showFailure(error, again) {
  place("loading").hidden = true;
  place("failure").hidden = false;
  place("failure-words").textContent = error instanceof Error ? error.message : String(error);
  place("failure-again").onclick = again;
}

async function open() {
  place("failure").hidden = true;
  place("loading").hidden = false;
  try {
    const [body, labels] = await Promise.all([getColumns(paths.tree), getJson(paths.labels)]);
    const { header, columns } = readColumns(body);
    const tree = treeOf(header, columns);
    place("loading").hidden = true;
    place("empty").hidden = tree.count > 0;
    root.classList.toggle("run-empty", tree.count === 0);
    if (tree.count) new RunPage(tree, new Labels(labels)).start();
  } catch (error) {
    showFailure(error, () => void open());
  }
}

void open();
