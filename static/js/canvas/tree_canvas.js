/**
 * Owns the two canvases of a tree (steps; hover and selection), its camera, and asks for frames. What is painted is its
 * subject's business, how is the painters'.
 * @module
 */

import { fit, pageToTree, panned, showing, treeToPage, zoomed } from "../lib/camera.js";
import { nearestStep } from "../lib/visible.js";
import { Arrivals } from "./arrivals.js";
import { addLayer, sizeLayer } from "./layer.js";
import { paintMarks } from "./marks.js";
import { paintPicture, paintSteps } from "./picture.js";
import { Raster } from "./raster.js";
import { Cast, paletteOf, spacingOf } from "./scene.js";
import { Subject } from "./subject.js";
import { readTheme, watchTheme } from "./theme.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../lib/camera.js").Size} Size */
/** @typedef {import("../overlays/index.js").Overlay} Overlay */

const REACH = 14;

export class TreeCanvas {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.steps = addLayer(host);
    this.marks = addLayer(host);
    this.raster = new Raster();
    this.cast = new Cast();
    this.theme = readTheme(host);
    /** @type {Subject | null} */
    this.subject = null;
    this.camera = { column: 1, row: 1, x: 0, y: 0 };
    this.size = { width: 0, height: 0 };
    /** @type {Overlay | null} */
    this.overlay = null;
    /** What is known of a step's text, to be written beside it. @type {((step: number) => string) | null} */
    this.wordsOf = null;
    /** @type {import("../overlays/labels.js").Labels | null} */
    this.labels = null;
    this.selected = 0;
    this.hovered = 0;
    this.isFitted = true;
    this.frame = 0;
    /** What the last painting of all steps took, in ms. */
    this.paintedIn = 0;
    /** Whoever shows what the picture shows (the map) is told after each painting. @type {() => void} */
    this.painted = () => {};
    /** Another number whenever what is painted is another, wherever it stands. */
    this.version = 0;
    this.arrivals = new Arrivals();
    this.stepsStale = true;
    new ResizeObserver(() => this.resize()).observe(host);
    watchTheme(() => {
      this.theme = readTheme(host);
      this.redraw();
    });
  }

  get layout() {
    return this.subject?.layout ?? null;
  }

  /** @param {Tree} tree */
  show(tree) {
    this.subject = new Subject(tree);
    this.resize();
    this.fit();
  }

  /**
   * The same tree, grown. One that was wholly in view stays so; else what one looks at stays where it is on the page, although
   * rows come in above it.
   * @param {Tree} tree
   */
  grow(tree) {
    this.arrivals.come((this.subject?.tree.count ?? 0) + 1, tree.count);
    this.replace((subject) => subject.set(tree));
  }

  /**
   * Which steps are in the picture.
   * @param {import("../lib/shown.js").Wish} wish
   */
  setShown(wish) {
    this.replace((subject) => subject.want(wish));
  }

  /**
   * The tree as it stood: steps born later are not painted, steps pruned later not pruned. Nothing changes its place.
   * @param {{seq: number | null, chosen: number}} moment null for now; the step that was chosen by then, 0 for none
   */
  setMoment({ seq, chosen }) {
    this.subject?.at(seq, chosen);
    this.redraw();
  }

  /** @param {Uint32Array | null} matches step numbers, null where nothing is searched for */
  setMatches(matches) {
    this.subject?.find(matches);
    this.redraw();
  }

  /** @param {readonly number[]} candidates between which a decision was made */
  setCandidates(candidates) {
    if (this.subject) this.subject.candidates = candidates;
    this.redraw();
  }

  /** @param {Float32Array | null} values by step number, from 0 up; null for points of one size */
  sizeBy(values) {
    this.subject?.sizeBy(values);
    this.redraw();
  }

  /** @param {Overlay | null} overlay */
  colourBy(overlay) {
    this.overlay = overlay;
    this.redraw();
  }

  /**
   * Lays out anew what one looks at, and keeps it where it stands on the page.
   * @param {(subject: Subject) => void} change
   */
  replace(change) {
    const { subject } = this;
    if (!subject) return;
    const still = this.stepLookedAt();
    const before = subject.layout.y[still];
    change(subject);
    const stays = subject.standIn(still);
    if (this.isFitted) this.fit();
    else this.camera = panned(this.camera, 0, (before - subject.layout.y[stays]) * this.camera.row);
    this.redraw();
  }

  /** The selected step where it is in view, else the one nearest to the middle of the picture. */
  stepLookedAt() {
    const { layout } = this;
    if (!layout) return 0;
    const [x, y] = this.anchor();
    const [column, row] = pageToTree(this.camera, x, y);
    return this.nearest(Math.min(Math.max(column, 0), layout.columns - 1), row, Infinity);
  }

  /**
   * The nearest step to a place in tree space, of those that are painted: what one sees is what one gets.
   * @param {number} column
   * @param {number} row
   * @param {number} reach rows
   */
  nearest(column, row, reach) {
    const { subject } = this;
    if (!subject) return 0;
    const level = subject.all().at(spacingOf(this.camera, devicePixelRatio));
    return nearestStep(level, column, row, (step) => subject.isThere(step), reach) ?? 0;
  }

  resize() {
    const { width, height } = this.host.getBoundingClientRect();
    this.size = { width, height };
    for (const layer of [this.steps, this.marks]) sizeLayer(layer, this.size);
    if (this.isFitted) this.fit();
    this.redraw();
  }

  fit() {
    if (!this.layout) return;
    this.camera = fit(this.layout, this.size);
    this.isFitted = true;
    this.moved();
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.look(panned(this.camera, dx, dy));
  }

  /** @param {number} factor @param {[number, number]} [at] the middle where left out */
  zoom(factor, at) {
    if (this.layout) this.look(zoomed(this.camera, factor, at ?? this.anchor(), fit(this.layout, this.size)));
  }

  /** @param {import("../lib/camera.js").Camera} camera */
  look(camera) {
    this.camera = camera;
    this.isFitted = false;
    this.moved();
  }

  /** Buttons and keys zoom about the selected step where it is in view, since that is what one looks at. @returns {[number, number]} */
  anchor() {
    const { width, height } = this.size;
    if (this.subject && this.selected) {
      const step = this.subject.standIn(this.selected);
      const [x, y] = treeToPage(this.camera, this.subject.layout.x[step], this.subject.layout.y[step]);
      if (x > 0 && x < width && y > 0 && y < height) return [x, y];
    }
    return [width / 2, height / 2];
  }

  /** @param {number} step */
  select(step) {
    this.selected = step;
    if (this.subject && step) {
      const at = this.subject.standIn(step);
      const moved = showing(this.camera, this.size, this.subject.layout.x[at], this.subject.layout.y[at]);
      if (moved !== this.camera) this.look(moved);
    }
    this.requestFrame();
  }

  /** @param {number} step */
  hover(step) {
    if (step === this.hovered) return;
    this.hovered = step;
    this.requestFrame();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {number} the step within reach of a place on the page, 0 where there is none
   */
  stepAt(x, y) {
    if (!this.subject) return 0;
    const step = this.nearest(...pageToTree(this.camera, x, y), REACH / this.camera.row);
    if (!step) return 0;
    const [stepX, stepY] = treeToPage(this.camera, this.subject.layout.x[step], this.subject.layout.y[step]);
    return Math.hypot(stepX - x, stepY - y) <= REACH ? step : 0;
  }

  /** What is painted has changed. */
  redraw() {
    this.subject?.setLabels(this.labels);
    this.version++;
    this.moved();
  }

  /** What is painted is the same, and stands elsewhere. */
  moved() {
    this.stepsStale = true;
    this.requestFrame();
  }

  requestFrame() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const scene = this.scene();
    if (!scene || !this.steps.canvas.width || !this.steps.canvas.height) return;
    if (this.stepsStale) {
      const began = performance.now();
      paintSteps(this.steps.context, scene, this.cast, this.raster);
      this.stepsStale = false;
      // Where the browser's own tools, and the bench, see when a page has come to its picture.
      if (!this.paintedIn) performance.mark("tree painted");
      this.paintedIn = performance.now() - began;
      this.painted();
    }
    const { context } = this.marks;
    context.clearRect(0, 0, this.size.width, this.size.height);
    paintMarks(context, scene, this);
    if (this.arrivals.paint(context, scene)) this.requestFrame();
  }

  /** What is to be painted, through the camera of the page. @returns {import("./scene.js").Scene | null} */
  scene() {
    const { subject, camera, size, theme, overlay, wordsOf } = this;
    if (!subject) return null;
    const values = overlay?.values(subject.tree, Number.isFinite(subject.seq) ? subject.seq : null) ?? null;
    const palette = paletteOf(overlay, subject.tree, theme);
    return { subject, camera, size, density: devicePixelRatio, theme, overlay, values, palette, wordsOf, newPath: () => new Path2D() };
  }

  /**
   * The present view as a picture of any size, for whoever exports it: what the page shows is fitted into it.
   * @param {CanvasRenderingContext2D} context one of a canvas, or one that writes the same calls down
   * @param {Size} size
   * @param {() => import("./scene.js").Path} [newPath] for contexts with paths of their own
   */
  paintPicture(context, size, newPath = () => new Path2D()) {
    const scene = this.scene();
    if (scene) paintPicture(context, { ...scene, newPath }, size, this);
  }
}
