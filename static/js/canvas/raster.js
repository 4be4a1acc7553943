/**
 * Paints the edges and bars of a crowded tree straight into pixels: as paths, tens of thousands of them take longer than a
 * frame. What shares a pixel is settled by rank and not by order, so nothing flickers. It paints no sign and no text.
 * @module
 */

import { parseColour } from "../lib/colour.js";
import { inkOf, PALE, PRUNED_EDGE } from "./painter.js";
import { barOf, radiusOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Cast} Cast */

const PRUNED_BAR = 0.75;

export class Raster {
  constructor() {
    this.image = new ImageData(1, 1);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /**
   * @param {CanvasRenderingContext2D} context whose canvas is `scene.size` at `scene.density`
   * @param {Scene} scene
   * @param {Cast} cast
   */
  paint(context, scene, cast) {
    const { width, height } = context.canvas;
    if (this.image.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    } else {
      this.pixels.fill(0);
    }
    this.edges(scene, cast);
    this.bars(scene, cast);
    context.putImageData(this.image, 0, 0);
  }

  /**
   * Straight lines, a pixel wide; an edge to a step that was kept lies over one to a step that was not.
   * @param {Scene} scene
   * @param {Cast} cast
   */
  edges({ subject, camera, density, theme }, { steps, count }) {
    const { layout, tree } = subject;
    const ink = inkOf(camera);
    const kept = mixed(theme.colours.edge, theme.colours.paper, ink);
    const pruned = mixed(theme.colours.edge, theme.colours.paper, PRUNED_EDGE * ink);
    const across = camera.column * density;
    const [left, top, down] = [camera.x * density, camera.y * density, camera.row * density];
    for (let at = 0; at < count; at++) {
      const step = steps[at];
      if (!step) continue;
      const toX = left + layout.x[step] * across;
      const isGone = subject.isPruned(step);
      this.line(toX - across, top + layout.y[tree.parent[step]] * down, toX, top + layout.y[step] * down, isGone ? pruned : kept, !isGone);
    }
  }

  /**
   * One pixel a row or a column of its length, whichever are more.
   * @param {number} fromX
   * @param {number} fromY
   * @param {number} toX to the right of where it is from
   * @param {number} toY
   * @param {number} colour
   * @param {boolean} isAbove whether it lies over what is there
   */
  line(fromX, fromY, toX, toY, colour, isAbove) {
    const { pixels } = this;
    const { width, height } = this.image;
    const isSteep = Math.abs(toY - fromY) > toX - fromX;
    const slope = isSteep ? (toX - fromX) / (toY - fromY) : (toY - fromY) / (toX - fromX || 1);
    const first = Math.max(0, Math.round(isSteep ? Math.min(fromY, toY) : fromX));
    const last = Math.min((isSteep ? height : width) - 1, Math.round(isSteep ? Math.max(fromY, toY) : toX));
    const [start, origin] = isSteep ? [fromX, fromY] : [fromY, fromX];
    for (let at = first; at <= last; at++) {
      const beside = Math.round(start + (at - origin) * slope);
      const [x, y] = isSteep ? [beside, at] : [at, beside];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const place = y * width + x;
      if (isAbove || !pixels[place]) pixels[place] = colour;
    }
  }

  /**
   * Those of pruned steps first, so that they lie under the others.
   * @param {Scene} scene
   * @param {Cast} cast
   */
  bars({ subject, camera, density, theme, values, palette }, { steps, count }) {
    const { layout, sizes } = subject;
    const kept = palette.colours.map((colour) => mixed(colour, theme.colours.paper, 1));
    const pruned = palette.colours.map((colour) => mixed(colour, theme.colours.paper, PALE));
    const half = barOf(camera) * density;
    const high = Math.max(1, Math.round(radiusOf(camera) * density));
    for (const isGone of [true, false]) {
      const colours = isGone ? pruned : kept;
      for (let at = 0; at < count; at++) {
        const step = steps[at];
        if (!step || subject.isPruned(step) !== isGone) continue;
        const long = half * (sizes ? sizes[step] : 1) * (isGone ? PRUNED_BAR : 1);
        const x = (camera.x + layout.x[step] * camera.column) * density;
        const y = Math.round((camera.y + layout.y[step] * camera.row) * density - high / 2);
        this.bar(Math.round(x - long), Math.round(x + long), y, high, colours[values ? palette.placeOf(values[step]) : 0]);
      }
    }
  }

  /**
   * @param {number} left
   * @param {number} right not painted any more
   * @param {number} top
   * @param {number} high
   * @param {number} colour
   */
  bar(left, right, top, high, colour) {
    const { width, height } = this.image;
    const [first, end] = [Math.max(left, 0), Math.min(Math.max(right, left + 1), width)];
    for (let y = Math.max(top, 0); y < Math.min(top + high, height); y++) {
      for (let place = y * width + first; place < y * width + end; place++) this.pixels[place] = colour;
    }
  }
}

/**
 * A colour over paper as one pixel; opaque, since what it is mixed with is known.
 * @param {string} colour
 * @param {string} paper
 * @param {number} share
 * @returns {number}
 */
function mixed(colour, paper, share) {
  const [over, under] = [parseColour(colour), parseColour(paper)];
  const [red, green, blue] = over.map((part, at) => Math.round(part * share + under[at] * (1 - share)));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
