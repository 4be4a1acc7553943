/**
 * Paints the steps and edges in view, batched by colour: a few dozen fills a frame, however many steps. Keeps no state.
 * @module
 */

import { areaInView, treeToPage } from "../lib/camera.js";
import { BUCKETS, bucketOf } from "../lib/colour.js";
import { VERDICTS } from "../lib/format.js";
import { stepsToLabel } from "../lib/label_grid.js";
import { CHOSEN, RIGHT } from "../lib/tree.js";
import { eachColumnInView } from "../lib/visible.js";

/**
 * @typedef {object} Scene
 * @property {import("../lib/tree.js").Tree} tree
 * @property {import("../lib/layout.js").Layout} layout
 * @property {import("../lib/camera.js").Camera} camera
 * @property {import("../lib/camera.js").Size} size
 * @property {import("./theme.js").Theme} theme
 * @property {import("../overlays/index.js").Overlay | null} overlay
 * @property {import("../lib/colour.js").Domain} domain
 * @property {import("../overlays/labels.js").Labels | null} labels
 * @property {Set<number>} chosenBranch
 */

const RADIUS_MOST = 7;
const RADIUS_LEAST = 1.4;
const TEXT_ROW = 15;
const TEXT_COLUMN = 46;
const CURVES_MOST = 6000;
const OVERDRAWN = 0.6;
/** Below this radius points become bars, and rings a tick beside them. */
const DENSE = 2.5;
const DENSE_BAR = 9;
const PALE = 0.38;

/**
 * @param {import("../lib/camera.js").Camera} camera
 * @returns {number} pixels
 */
export function radiusOf(camera) {
  return Math.min(RADIUS_MOST, Math.max(RADIUS_LEAST, Math.min(camera.row * 0.36, camera.column * 0.3)));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function paint(context, scene) {
  const { size, theme } = scene;
  context.clearRect(0, 0, size.width, size.height);
  const steps = stepsInView(scene);
  context.lineJoin = "round";
  paintEdges(context, scene, steps);
  paintSteps(context, scene, steps);
  paintRings(context, scene, steps);
  context.font = theme.font;
  paintTexts(context, scene, steps);
}

/**
 * The steps whose point or edge may be seen; of those that would fall on the pixel of the one before, only marked ones.
 * @param {Scene} scene
 * @returns {number[]}
 */
function stepsInView({ tree, layout, camera, size }) {
  /** @type {number[]} */
  const steps = [];
  eachColumnInView(layout, tree.parent, areaInView(camera, size), (_, first, end) => {
    let drawnAt = -Infinity;
    for (let at = first; at < end; at++) {
      const step = layout.order[at];
      const y = layout.y[step] * camera.row;
      if (y - drawnAt < OVERDRAWN && !(tree.flags[step] & (CHOSEN | RIGHT))) continue;
      drawnAt = y;
      steps.push(step);
    }
  });
  return steps;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number[]} steps
 */
function paintEdges(context, { tree, layout, camera, theme, chosenBranch }, steps) {
  const kept = new Path2D();
  const pruned = new Path2D();
  const chosen = new Path2D();
  const curved = steps.length <= CURVES_MOST && camera.column > 18;
  for (const step of steps) {
    if (!step) continue;
    const path = chosenBranch.has(step) ? chosen : tree.pruned[step] ? pruned : kept;
    const [toX, toY] = treeToPage(camera, layout.x[step], layout.y[step]);
    const [fromX, fromY] = treeToPage(camera, layout.x[step] - 1, layout.y[tree.parent[step]]);
    path.moveTo(fromX, fromY);
    if (curved && fromY !== toY) {
      const middle = (fromX + toX) / 2;
      path.bezierCurveTo(middle, fromY, middle, toY, toX, toY);
    } else {
      path.lineTo(toX, toY);
    }
  }
  // Where rows are closer than a line is wide, edges would hide the points.
  const ink = Math.min(1, Math.max(0.25, camera.row / 4));
  context.strokeStyle = theme.colours.edge;
  context.lineWidth = 0.75;
  context.globalAlpha = PALE * 1.6 * ink;
  context.stroke(pruned);
  context.globalAlpha = ink;
  context.lineWidth = camera.row > 6 ? 1.5 : 1;
  context.stroke(kept);
  context.globalAlpha = 1;
  context.strokeStyle = theme.colours.chosen;
  context.lineWidth = 3;
  context.stroke(chosen);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number[]} steps
 */
function paintSteps(context, { tree, layout, camera, theme, overlay, domain }, steps) {
  const values = overlay?.values(tree);
  const radius = radiusOf(camera);
  const bar = radius < DENSE ? Math.min(DENSE_BAR, camera.column * 0.2) : 0;
  const kept = Array.from({ length: BUCKETS + 1 }, () => new Path2D());
  const pruned = Array.from({ length: BUCKETS + 1 }, () => new Path2D());
  for (const step of steps) {
    if (!step) continue;
    const bucket = values ? bucketOf(values[step], domain) : -1;
    const gone = tree.pruned[step] > 0;
    const path = (gone ? pruned : kept)[bucket + 1];
    const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
    addPoint(path, x, y, gone ? radius * 0.75 : radius, bar);
  }
  const colours = [theme.colours.plain, ...(overlay ? theme.scales[overlay.scale(tree)] : [])];
  const outlined = radius >= 3;
  context.lineWidth = 1;
  context.strokeStyle = theme.colours.outline;
  for (const [paths, alpha] of /** @type {[Path2D[], number][]} */ ([[pruned, PALE], [kept, 1]])) {
    colours.forEach((colour, at) => {
      // The paper under a pale point, so that its edge does not shine through.
      context.fillStyle = theme.colours.paper;
      if (alpha < 1) context.fill(paths[at]);
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.fill(paths[at]);
      if (outlined) context.stroke(paths[at]);
      context.globalAlpha = 1;
    });
  }
  paintQuestion(context, layout, camera, theme, radius);
}

/**
 * A disc, or where rows are too close for one a bar, so that a dense column shows its colours.
 * @param {Path2D} path
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} bar half its length, 0 where discs fit
 */
function addPoint(path, x, y, radius, bar) {
  if (bar) {
    path.rect(x - bar, y - radius / 2, 2 * bar, radius);
    return;
  }
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * The question is no step: a square that no scale colours.
 * @param {CanvasRenderingContext2D} context
 * @param {import("../lib/layout.js").Layout} layout
 * @param {import("../lib/camera.js").Camera} camera
 * @param {import("./theme.js").Theme} theme
 * @param {number} radius
 */
function paintQuestion(context, layout, camera, theme, radius) {
  const [x, y] = treeToPage(camera, 0, layout.y[0]);
  const side = Math.max(radius, 4);
  context.fillStyle = theme.colours.ink;
  context.fillRect(x - side, y - side, 2 * side, 2 * side);
}

/**
 * Right answers: a ring about the point, a tick beside a bar.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number[]} steps
 */
function paintRings(context, { tree, layout, camera, theme }, steps) {
  const isDense = radiusOf(camera) < DENSE;
  const radius = radiusOf(camera) + 3;
  const rings = new Path2D();
  for (const step of steps) {
    if (!(tree.flags[step] & RIGHT)) continue;
    const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
    if (isDense) {
      rings.rect(x + Math.min(DENSE_BAR, camera.column * 0.2) + 2, y, 2, 0.5);
    } else {
      rings.moveTo(x + radius, y);
      rings.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
  context.strokeStyle = theme.colours.right;
  context.lineWidth = isDense ? 1 : 2;
  context.stroke(rings);
}

/**
 * Verdicts as glyphs above their step, values beside it; each where it fits.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number[]} steps
 */
function paintTexts(context, scene, steps) {
  const { tree, layout, camera, theme, overlay, labels } = scene;
  const radius = radiusOf(camera);
  /** @param {number} step @returns {[number, number]} */
  const placeOf = (step) => [layout.x[step], layout.y[step]];
  const values = overlay?.values(tree);
  if (overlay && values && camera.row >= TEXT_ROW && camera.column >= TEXT_COLUMN) {
    const valued = steps.filter((step) => step && !Number.isNaN(values[step]));
    context.textAlign = "left";
    context.fillStyle = theme.colours.quiet;
    for (const step of stepsToLabel(valued, placeOf, camera, { width: TEXT_COLUMN, height: TEXT_ROW }, (at) => tree.pruned[at])) {
      const [x, y] = treeToPage(camera, ...placeOf(step));
      writeText(context, theme, overlay.format(values[step]), x + radius + 9, y - 5);
    }
  }
  if (!labels) return;
  const judged = steps.filter((step) => labels.shown(step));
  context.font = theme.glyphFont;
  context.textAlign = "center";
  for (const step of stepsToLabel(judged, placeOf, camera, { width: 12, height: 12 }, () => 0)) {
    const verdict = /** @type {import("../lib/format.js").Verdict} */ (labels.shown(step));
    const [x, y] = treeToPage(camera, ...placeOf(step));
    context.fillStyle = theme.verdicts[verdict];
    writeText(context, theme, VERDICTS[verdict].glyph, x, y - radius - 9);
  }
}

/**
 * Text over a rim of paper, so that it can be read across edges.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./theme.js").Theme} theme
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function writeText(context, theme, text, x, y) {
  context.strokeStyle = theme.colours.paper;
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
