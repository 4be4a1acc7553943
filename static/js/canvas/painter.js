/**
 * Paints edges and steps as paths, batched by colour: a few dozen fills a frame. It keeps no state, and asks of its context
 * only what a writer of SVG can follow too.
 * @module
 */

import { treeToPage } from "../lib/camera.js";
import { barOf, DENSE, eachSigned, radiusOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Path} Path */
/** @typedef {{steps: ArrayLike<number>, count: number}} Cast */

const CURVES_MOST = 6000;
/** The first entry is a step's, the second a pruned one's. */
export const PALE = 0.38;
export const PRUNED_EDGE = PALE * 1.6;
const PRUNED_SIZE = 0.75;

/**
 * Where rows are closer than a line is wide, edges would hide the points.
 * @param {import("../lib/camera.js").Camera} camera
 * @returns {number} how much of their colour edges have
 */
export function inkOf(camera) {
  return Math.min(1, Math.max(0.25, camera.row / 4));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Cast} cast
 */
export function paintEdges(context, scene, cast) {
  const { subject, camera, theme } = scene;
  const [kept, pruned] = [scene.newPath(), scene.newPath()];
  const isCurved = cast.count <= CURVES_MOST && camera.column > 18;
  for (let at = 0; at < cast.count; at++) {
    const step = cast.steps[at];
    if (step && !subject.chosenBranch.has(step)) addEdge(subject.isPruned(step) ? pruned : kept, scene, step, isCurved);
  }
  const ink = inkOf(camera);
  context.strokeStyle = theme.colours.edge;
  context.lineWidth = 0.75;
  context.globalAlpha = PRUNED_EDGE * ink;
  strokePath(context, pruned);
  context.globalAlpha = ink;
  context.lineWidth = camera.row > 6 ? 1.5 : 1;
  strokePath(context, kept);
  context.globalAlpha = 1;
}

/**
 * The chosen branch lies over all other edges, and is never left out for want of pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function paintChosen(context, scene) {
  const steps = [...scene.subject.chosenBranch].filter((step) => scene.subject.isThere(step));
  const path = scene.newPath();
  for (const step of steps) addEdge(path, scene, step, scene.camera.column > 18);
  context.strokeStyle = scene.theme.colours.chosen;
  context.lineWidth = 3;
  strokePath(context, path);
  paintPoints(context, scene, { steps, count: steps.length });
}

/**
 * @param {Path} path
 * @param {Scene} scene
 * @param {number} step
 * @param {boolean} isCurved
 */
export function addEdge(path, { subject, camera }, step, isCurved) {
  const { tree, layout } = subject;
  const [toX, toY] = treeToPage(camera, layout.x[step], layout.y[step]);
  const [fromX, fromY] = treeToPage(camera, layout.x[step] - 1, layout.y[tree.parent[step]]);
  path.moveTo(fromX, fromY);
  if (isCurved && fromY !== toY) {
    const middle = (fromX + toX) / 2;
    path.bezierCurveTo(middle, fromY, middle, toY, toX, toY);
  } else {
    path.lineTo(toX, toY);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Cast} cast
 */
export function paintPoints(context, scene, cast) {
  const { subject, camera, theme, values, palette } = scene;
  const { layout, sizes } = subject;
  const radius = radiusOf(camera);
  const bar = barOf(camera);
  const kept = palette.colours.map(() => scene.newPath());
  const pruned = palette.colours.map(() => scene.newPath());
  for (let at = 0; at < cast.count; at++) {
    const step = cast.steps[at];
    if (!step) continue;
    const isGone = subject.isPruned(step);
    const size = (sizes ? sizes[step] : 1) * (isGone ? PRUNED_SIZE : 1);
    const path = (isGone ? pruned : kept)[values ? palette.placeOf(values[step]) : 0];
    const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
    addPoint(path, x, y, radius * (bar ? 1 : size), bar * size);
  }
  context.lineWidth = 1;
  context.strokeStyle = theme.colours.outline;
  for (const [paths, alpha] of /** @type {[Path[], number][]} */ ([[pruned, PALE], [kept, 1]])) {
    palette.colours.forEach((colour, at) => {
      // The paper under a pale point, so that its edge does not shine through.
      context.fillStyle = theme.colours.paper;
      if (alpha < 1) fillPath(context, paths[at]);
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      fillPath(context, paths[at]);
      if (radius >= 3) strokePath(context, paths[at]);
      context.globalAlpha = 1;
    });
  }
}

/**
 * A disc, or where rows are too close for one a bar, so that a dense column shows its colours.
 * @param {Path} path
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
 * @param {Scene} scene
 */
export function paintQuestion(context, { subject, camera, theme }) {
  const [x, y] = treeToPage(camera, 0, subject.layout.y[0]);
  const side = Math.max(radiusOf(camera), 4);
  context.fillStyle = theme.colours.ink;
  context.fillRect(x - side, y - side, 2 * side, 2 * side);
}

/**
 * Right answers: a ring about the point, a tick beside a bar.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function paintRings(context, scene) {
  const radius = radiusOf(scene.camera);
  const isDense = radius < DENSE;
  const bar = barOf(scene.camera);
  const rings = scene.newPath();
  eachSigned(scene, "right", 1, (_, x, y) => {
    if (isDense) {
      rings.moveTo(x + bar + 2, y);
      rings.lineTo(x + bar + 5, y);
    } else {
      rings.moveTo(x + radius + 3, y);
      rings.arc(x, y, radius + 3, 0, 2 * Math.PI);
    }
  });
  context.strokeStyle = scene.theme.colours.right;
  context.lineWidth = isDense ? 1.5 : 2;
  strokePath(context, rings);
}

/** @param {CanvasRenderingContext2D} context @param {Path} path of a scene, which are this context's own */
export function fillPath(context, path) {
  context.fill(/** @type {Path2D} */ (path));
}

/** @param {CanvasRenderingContext2D} context @param {Path} path */
export function strokePath(context, path) {
  context.stroke(/** @type {Path2D} */ (path));
}
