/**
 * Paints the edges and bars of a crowded tree straight into pixels: as paths, tens of thousands of them take longer than a
 * frame. What shares a pixel is settled by rank and not by order, so nothing flickers. Of signs it paints those that may be as
 * many: right answers and matches. It writes no text.
 * @module
 */

import { parseColour } from "../lib/colour.js";
import { inkOf, PALE, PRUNED_EDGE } from "./painter.js";
import { barOf, eachSigned, MATCH_APART, radiusOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Cast} Cast */

const PRUNED_BAR = 0.75;
const TICK = { from: 2, to: 5 };
const WEDGE = 5;

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
    this.ticks(scene);
    this.wedges(scene);
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
   * One pixel a column of its length, or where it is steep a row.
   * @param {number} fromX
   * @param {number} fromY
   * @param {number} toX to the right of where it is from
   * @param {number} toY
   * @param {number} colour
   * @param {boolean} isAbove whether it lies over what is there
   */
  line(fromX, fromY, toX, toY, colour, isAbove) {
    const { width, height } = this.image;
    const [across, down] = [toX - fromX, toY - fromY];
    if (Math.abs(down) <= across) this.run(fromX, toX, fromY, down / (across || 1), width, 1, height, width, colour, isAbove);
    else if (down > 0) this.run(fromY, toY, fromX, across / down, height, width, width, 1, colour, isAbove);
    else this.run(toY, fromY, toX, across / down, height, width, width, 1, colour, isAbove);
  }

  /**
   * The inner loop of a frame, for lines of either kind: `along` is the axis with a pixel each, `beside` the other one.
   * @param {number} from along
   * @param {number} to along
   * @param {number} beside where it is at `from`
   * @param {number} slope
   * @param {number} end of the pixels along
   * @param {number} stride from one pixel along to the next
   * @param {number} besideEnd of the pixels beside
   * @param {number} besideStride
   * @param {number} colour
   * @param {boolean} isAbove
   */
  run(from, to, beside, slope, end, stride, besideEnd, besideStride, colour, isAbove) {
    const { pixels } = this;
    const first = Math.max(0, Math.round(from));
    const last = Math.min(end - 1, Math.round(to));
    let now = beside + (first - from) * slope + 0.5;
    for (let along = first; along <= last; along++, now += slope) {
      if (now < 0 || now >= besideEnd) continue;
      const place = along * stride + (now | 0) * besideStride;
      if (isAbove || pixels[place] === 0) pixels[place] = colour;
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

  /** Right answers: a tick behind the bar, where the next column is far enough. @param {Scene} scene */
  ticks(scene) {
    const { theme, density, camera } = scene;
    if (camera.column < 2 * TICK.to) return;
    const colour = mixed(theme.colours.right, theme.colours.paper, 1);
    const beside = barOf(camera);
    const high = Math.round(density);
    eachSigned(scene, "right", 1 / density, (_, x, y) => {
      this.bar(Math.round((x + beside + TICK.from) * density), Math.round((x + beside + TICK.to) * density), Math.round(y * density - high / 2), high, colour);
    });
  }

  /** What a search found: a wedge that points at the bar. @param {Scene} scene */
  wedges(scene) {
    const { theme, density, camera } = scene;
    const colour = mixed(theme.colours.match, theme.colours.paper, 1);
    const beside = barOf(camera) + 1;
    eachSigned(scene, "matches", MATCH_APART, (_, x, y) => {
      const [tip, middle, long] = [Math.round((x - beside) * density), Math.round(y * density), Math.round(WEDGE * density)];
      for (let back = 0; back < long; back++) this.bar(tip - back - 1, tip - back, middle - (back >> 1), 2 * (back >> 1) + 1, colour);
    });
  }

  /**
   * @param {number} left
   * @param {number} right not painted any more
   * @param {number} top
   * @param {number} high
   * @param {number} colour
   */
  bar(left, right, top, high, colour) {
    const { pixels } = this;
    const { width, height } = this.image;
    const first = Math.max(left, 0);
    const end = Math.min(Math.max(right, left + 1), width);
    const bottom = Math.min(top + high, height);
    for (let y = Math.max(top, 0); y < bottom; y++) {
      for (let place = y * width + first; place < y * width + end; place++) pixels[place] = colour;
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
