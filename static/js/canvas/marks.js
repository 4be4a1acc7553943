/**
 * Paints what follows the reader: the way to the selected step, and rings about the selected and the hovered one. It keeps
 * no state.
 * @module
 */

import { treeToPage } from "../lib/camera.js";
import { branchOf } from "../lib/tree.js";
import { addEdge, strokePath } from "./painter.js";
import { radiusOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */

const FOLDED_DASH = [3, 3];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {{selected: number, hovered: number}} steps 0 for none
 */
export function paintMarks(context, scene, { selected, hovered }) {
  context.strokeStyle = scene.theme.colours.accent;
  if (selected) paintWay(context, scene, selected);
  for (const [step, width] of [[hovered, 1.5], [selected, 3]]) if (step) paintRing(context, scene, step, width);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} selected
 */
function paintWay(context, scene, selected) {
  const { subject } = scene;
  const path = scene.newPath();
  for (const step of branchOf(subject.tree, subject.standIn(selected))) addEdge(path, scene, step, true);
  context.lineWidth = 2;
  context.globalAlpha = 0.55;
  strokePath(context, path);
  context.globalAlpha = 1;
}

/**
 * The ring of a step that is folded away, or not born yet, is broken and stands about the one above it that is in the picture.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} step
 * @param {number} width
 */
function paintRing(context, { subject, camera, newPath }, step, width) {
  const at = subject.standIn(step);
  const [x, y] = treeToPage(camera, subject.layout.x[at], subject.layout.y[at]);
  const radius = radiusOf(camera) + 6;
  const ring = newPath();
  ring.moveTo(x + radius, y);
  ring.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = width;
  context.setLineDash(at === step ? [] : FOLDED_DASH);
  strokePath(context, ring);
  context.setLineDash([]);
}
