/**
 * Puts a picture together: edges and points, as pixels where they crowd and as paths where they do not, then the chosen
 * branch and the signs. It decides nothing but the order and which of the two.
 * @module
 */

import { paintMarks } from "./marks.js";
import { paintChosen, paintEdges, paintPoints, paintQuestion, paintRings } from "./painter.js";
import { barOf, Cast } from "./scene.js";
import { paintMatches, paintSigns } from "./signs.js";

/** @typedef {import("./scene.js").Scene} Scene */

/** So many paths fit into a frame with room to spare. */
const PATHS_MOST = 2000;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Cast} cast the room for the list of what is painted
 * @param {import("./raster.js").Raster} raster
 */
export function paintSteps(context, scene, cast, raster) {
  cast.gather(scene);
  const isCrowded = cast.count > PATHS_MOST && barOf(scene.camera) > 0;
  if (isCrowded) raster.paint(context, scene, cast);
  else context.clearRect(0, 0, scene.size.width, scene.size.height);
  paintOver(context, scene, cast, isCrowded);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import("../lib/camera.js").Size} size into which what the scene shows is fitted
 * @param {{selected: number, hovered: number}} steps
 */
export function paintPicture(context, scene, size, steps) {
  const by = Math.min(size.width / scene.size.width, size.height / scene.size.height);
  const { column, row, x, y } = scene.camera;
  const fitted = { ...scene, size, density: 1, camera: { column: column * by, row: row * by, x: x * by, y: y * by } };
  const cast = new Cast();
  cast.gather(fitted);
  context.fillStyle = scene.theme.colours.paper;
  context.fillRect(0, 0, size.width, size.height);
  paintOver(context, fitted, cast, false);
  paintMarks(context, fitted, { ...steps, hovered: 0 });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Cast} cast
 * @param {boolean} isPainted whether edges, points and the signs that may be many are there already
 */
function paintOver(context, scene, cast, isPainted) {
  context.lineJoin = "round";
  if (!isPainted) {
    paintEdges(context, scene, cast);
    paintPoints(context, scene, cast);
  }
  paintChosen(context, scene);
  paintQuestion(context, scene);
  if (!isPainted) {
    paintRings(context, scene);
    paintMatches(context, scene);
  }
  paintSigns(context, scene, cast);
}
