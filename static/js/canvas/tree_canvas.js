/**
 * Owns the two canvases of a tree (steps; hover and selection), its camera, and asks for frames. Decides nothing else.
 * @module
 */

import { fit, panned, showing, treeToPage, zoomed } from "../lib/camera.js";
import { layOut } from "../lib/layout.js";
import { branchOf } from "../lib/tree.js";
import { nearestStep } from "../lib/visible.js";
import { pageToTree } from "../lib/camera.js";
import { Arrivals } from "./arrivals.js";
import { paint, radiusOf } from "./painter.js";
import { readTheme, watchTheme } from "./theme.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../overlays/index.js").Overlay} Overlay */

const REACH = 14;

export class TreeCanvas {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.steps = addCanvas(host);
    this.marks = addCanvas(host);
    this.theme = readTheme(host);
    /** @type {Tree | null} */
    this.tree = null;
    /** @type {import("../lib/layout.js").Layout | null} */
    this.layout = null;
    this.camera = { column: 1, row: 1, x: 0, y: 0 };
    this.size = { width: 0, height: 0 };
    /** @type {Overlay | null} */
    this.overlay = null;
    /** @type {import("../overlays/labels.js").Labels | null} */
    this.labels = null;
    this.selected = 0;
    this.hovered = 0;
    /** @type {Set<number>} */
    this.chosenBranch = new Set();
    this.isFitted = true;
    this.frame = 0;
    /** What the last painting of all steps took, in ms. */
    this.paintedIn = 0;
    this.arrivals = new Arrivals();
    this.stepsStale = true;
    new ResizeObserver(() => this.resize()).observe(host);
    watchTheme(() => {
      this.theme = readTheme(host);
      this.redraw();
    });
  }

  /** @param {Tree} tree */
  show(tree) {
    this.tree = tree;
    this.layout = layOut(tree);
    this.chosenBranch = new Set(tree.header.chosen ? branchOf(tree, tree.header.chosen) : []);
    this.resize();
    this.fit();
  }

  /**
   * The same tree, grown. One that was wholly in view stays so; else what one looks at stays where it is on the page, although
   * rows come in above it.
   * @param {Tree} tree
   */
  grow(tree) {
    const { layout: before } = this;
    const still = this.stepLookedAt();
    this.arrivals.come(before ? before.y.length : 0, tree.count);
    this.tree = tree;
    this.layout = layOut(tree);
    this.chosenBranch = new Set(tree.header.chosen ? branchOf(tree, tree.header.chosen) : []);
    if (this.isFitted) this.fit();
    else if (before) this.camera = panned(this.camera, 0, (before.y[still] - this.layout.y[still]) * this.camera.row);
    this.redraw();
  }

  /** The selected step where it is in view, else the one nearest to the middle of the picture. */
  stepLookedAt() {
    if (!this.layout) return 0;
    const [x, y] = this.anchor();
    const [column, row] = pageToTree(this.camera, x, y);
    return nearestStep(this.layout, Math.min(Math.max(column, 0), this.layout.columns - 1), row) ?? 0;
  }

  resize() {
    const { width, height } = this.host.getBoundingClientRect();
    this.size = { width, height };
    for (const { canvas, context } of [this.steps, this.marks]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    }
    if (this.isFitted) this.fit();
    this.redraw();
  }

  fit() {
    if (!this.layout) return;
    this.camera = fit(this.layout, this.size);
    this.isFitted = true;
    this.redraw();
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.camera = panned(this.camera, dx, dy);
    this.isFitted = false;
    this.redraw();
  }

  /** @param {number} factor @param {[number, number]} [at] the middle where left out */
  zoom(factor, at) {
    const [x, y] = at ?? this.anchor();
    this.camera = zoomed(this.camera, factor, x, y);
    this.isFitted = false;
    this.redraw();
  }

  /** Buttons and keys zoom about the selected step where it is in view, since that is what one looks at. @returns {[number, number]} */
  anchor() {
    const { width, height } = this.size;
    if (this.layout && this.selected) {
      const [x, y] = treeToPage(this.camera, this.layout.x[this.selected], this.layout.y[this.selected]);
      if (x > 0 && x < width && y > 0 && y < height) return [x, y];
    }
    return [width / 2, height / 2];
  }

  /** @param {number} step */
  select(step) {
    this.selected = step;
    if (this.layout && step) {
      const moved = showing(this.camera, this.size, this.layout.x[step], this.layout.y[step]);
      if (moved !== this.camera) {
        this.camera = moved;
        this.isFitted = false;
        this.stepsStale = true;
      }
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
    if (!this.layout) return 0;
    const step = nearestStep(this.layout, ...pageToTree(this.camera, x, y));
    if (!step) return 0;
    const [stepX, stepY] = treeToPage(this.camera, this.layout.x[step], this.layout.y[step]);
    return Math.hypot(stepX - x, stepY - y) <= REACH ? step : 0;
  }

  /** @param {Overlay | null} overlay */
  colourBy(overlay) {
    this.overlay = overlay;
    this.redraw();
  }

  redraw() {
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
    const { tree, layout, camera, size, theme, overlay, labels, chosenBranch } = this;
    if (!tree || !layout || !size.width) return;
    if (this.stepsStale) {
      const began = performance.now();
      const domain = overlay?.domain(tree) ?? { low: 0, middle: 0.5, high: 1 };
      paint(this.steps.context, { tree, layout, camera, size, theme, overlay, domain, labels, chosenBranch });
      this.stepsStale = false;
      this.paintedIn = performance.now() - began;
    }
    this.drawMarks(tree, layout);
    const { context } = this.marks;
    if (this.arrivals.paint(context, { layout, camera, size, theme }, radiusOf(camera))) this.requestFrame();
  }

  /**
   * @param {Tree} tree
   * @param {import("../lib/layout.js").Layout} layout
   */
  drawMarks(tree, layout) {
    const { context } = this.marks;
    const { camera, theme } = this;
    context.clearRect(0, 0, this.size.width, this.size.height);
    context.strokeStyle = theme.colours.accent;
    if (this.selected) {
      context.lineWidth = 2;
      context.globalAlpha = 0.55;
      context.beginPath();
      for (const step of branchOf(tree, this.selected)) {
        const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
        const [fromX, fromY] = treeToPage(camera, layout.x[step] - 1, layout.y[tree.parent[step]]);
        const middle = (fromX + x) / 2;
        context.moveTo(fromX, fromY);
        context.bezierCurveTo(middle, fromY, middle, y, x, y);
      }
      context.stroke();
      context.globalAlpha = 1;
    }
    for (const [step, width] of [[this.hovered, 1.5], [this.selected, 3]]) {
      if (!step) continue;
      const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, radiusOf(camera) + 6, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

/**
 * @param {HTMLElement} host
 * @returns {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}}
 */
function addCanvas(host) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no 2D canvas; the branch beside it still works.");
  return { canvas, context };
}
