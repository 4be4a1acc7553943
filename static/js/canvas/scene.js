/**
 * One picture to be painted: a subject seen through a camera in the colours of a theme. It decides which steps are painted,
 * and holds no state but the room for their list.
 * @module
 */

import { areaInView } from "../lib/camera.js";
import { bucketIn } from "../lib/colour.js";
import { eachColumnInView } from "../lib/visible.js";

/** @typedef {import("../lib/levels.js").Level} Level */
/** @typedef {import("../overlays/index.js").Overlay} Overlay */
/**
 * @typedef {Pick<Path2D, "moveTo" | "lineTo" | "bezierCurveTo" | "rect" | "arc" | "closePath">} Path what a painter needs of one
 * @typedef {{colours: string[], placeOf: (value: number) => number}} Palette colours[placeOf(value)]; the first one is for no value
 */
/**
 * @typedef {object} Scene
 * @property {import("./subject.js").Subject} subject
 * @property {import("../lib/camera.js").Camera} camera
 * @property {import("../lib/camera.js").Size} size
 * @property {number} density device pixels a pixel
 * @property {import("./theme.js").Theme} theme
 * @property {Overlay | null} overlay
 * @property {Float32Array | null} values of the overlay, by step
 * @property {Palette} palette
 * @property {() => Path} newPath for contexts that take paths of their own
 * @property {((step: number) => string) | null} wordsOf the text of a step where it is known, to be written beside it
 */

const RADIUS_MOST = 7;
const RADIUS_LEAST = 1.4;
/** Below this radius points become bars, and rings a tick beside them. */
export const DENSE = 2.5;
const BAR_MOST = 9;
/** Pixels from one match to the next that bears a sign. */
export const MATCH_APART = 3;
/** Steps stand this many device pixels apart at least. */
const APART = 0.75;

/**
 * @param {import("../lib/camera.js").Camera} camera
 * @returns {number} pixels
 */
export function radiusOf(camera) {
  return Math.min(RADIUS_MOST, Math.max(RADIUS_LEAST, Math.min(camera.row * 0.36, camera.column * 0.3)));
}

/**
 * @param {import("../lib/camera.js").Camera} camera
 * @returns {number} half the length of the bar that a point becomes, 0 where discs fit
 */
export function barOf(camera) {
  return radiusOf(camera) < DENSE ? Math.min(BAR_MOST, camera.column * 0.2) : 0;
}

/**
 * @param {Overlay | null} overlay
 * @param {import("../lib/tree.js").Tree} tree
 * @param {import("./theme.js").Theme} theme
 * @returns {Palette}
 */
export function paletteOf(overlay, tree, theme) {
  const { plain } = theme.colours;
  if (!overlay) return { colours: [plain], placeOf: () => 0 };
  const domain = overlay.domain(tree);
  return { colours: [plain, ...theme.scales[overlay.scale(tree)]], placeOf: (value) => bucketIn(overlay, value, domain) + 1 };
}

/**
 * @param {import("../lib/camera.js").Camera} camera
 * @param {number} density device pixels a pixel
 * @returns {number} how many rows steps stand apart at least, to be painted
 */
export function spacingOf(camera, density) {
  return APART / (camera.row * density);
}

/** The steps of a scene that are painted; the memory is used again from frame to frame. */
export class Cast {
  constructor() {
    this.steps = new Uint32Array(1024);
    this.count = 0;
  }

  /**
   * The steps whose point or edge may be seen; of those that would share a pixel of a column, one.
   * @param {Scene} scene
   */
  gather({ subject, camera, size, density }) {
    const { tree, layout, seq } = subject;
    const level = subject.all().at(spacingOf(camera, density));
    this.count = 0;
    eachColumnInView(level, layout.y, tree.parent, areaInView(camera, size), (_, first, end) => {
      this.makeRoom(this.count + end - first);
      for (let at = first; at < end; at++) {
        const step = level.steps[at];
        if (tree.born[step] <= seq) this.steps[this.count++] = step;
      }
    });
  }

  /** @param {number} count */
  makeRoom(count) {
    if (count <= this.steps.length) return;
    const room = new Uint32Array(Math.max(count, 2 * this.steps.length));
    room.set(this.steps);
    this.steps = room;
  }
}

/**
 * Calls `visit` for the steps in view that bear a sign, one a cell of so many pixels, with their places on the page.
 * @param {Scene} scene
 * @param {import("./subject.js").Sign} sign
 * @param {number} apart pixels
 * @param {(step: number, x: number, y: number) => void} visit
 */
export function eachSigned({ subject, camera, size }, sign, apart, visit) {
  if (!subject.mayBear(sign)) return;
  const { tree, layout, seq } = subject;
  const level = subject.signed(sign).at(apart / camera.row);
  eachColumnInView(level, layout.y, tree.parent, areaInView(camera, size), (column, first, end) => {
    const x = camera.x + column * camera.column;
    for (let at = first; at < end; at++) {
      const y = camera.y + level.rows[at] * camera.row;
      if (tree.born[level.steps[at]] <= seq && y > -apart && y < size.height + apart) visit(level.steps[at], x, y);
    }
  });
}
