/**
 * Paints what stands beside points: matches, candidates, what is folded away, values, verdicts, words. Each by its shape, so
 * that none is told by colour alone. It keeps no state.
 * @module
 */

import { treeToPage } from "../lib/camera.js";
import { count, VERDICTS } from "../lib/format.js";
import { stepsToLabel } from "../lib/label_grid.js";
import { fillPath, strokePath } from "./painter.js";
import { barOf, eachSigned, MATCH_APART, radiusOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */

const TEXT_ROW = 15;
const TEXT_COLUMN = 46;
const WORDS_ROW = 30;
const WORDS_COLUMN = 110;
const LETTER = 7;
const GLYPH = 12;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import("./painter.js").Cast} cast
 */
export function paintSigns(context, scene, cast) {
  paintCandidates(context, scene);
  paintFolded(context, scene);
  context.font = scene.theme.font;
  if (scene.camera.row >= TEXT_ROW && scene.camera.column >= TEXT_COLUMN) paintTexts(context, scene, cast);
  paintVerdicts(context, scene);
}

/**
 * What a search found: a diamond about the point; a wedge that points at it from the left where there is no room.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function paintMatches(context, scene) {
  const { camera, theme } = scene;
  const [radius, bar] = [radiusOf(camera), barOf(camera)];
  const [diamonds, wedges] = [scene.newPath(), scene.newPath()];
  eachSigned(scene, "matches", MATCH_APART, (_, x, y) => {
    if (bar) addPolygon(wedges, [[x - bar - 1, y], [x - bar - 7, y - 3], [x - bar - 7, y + 3]]);
    else addPolygon(diamonds, [[x, y - radius - 6], [x + radius + 6, y], [x, y + radius + 6], [x - radius - 6, y]]);
  });
  context.fillStyle = theme.colours.match;
  fillPath(context, wedges);
  context.strokeStyle = theme.colours.match;
  context.lineWidth = 2;
  strokePath(context, diamonds);
}

/**
 * Between which steps a decision was made: a square bracket on either side.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintCandidates(context, scene) {
  const { subject, camera, theme } = scene;
  const brackets = scene.newPath();
  const reach = Math.max(radiusOf(camera), barOf(camera)) + 5;
  const half = Math.max(radiusOf(camera) + 4, 4);
  for (const step of subject.candidates) {
    if (!subject.isThere(step)) continue;
    const [x, y] = treeToPage(camera, subject.layout.x[step], subject.layout.y[step]);
    for (const side of [-1, 1]) {
      brackets.moveTo(x + side * (reach - 4), y - half);
      brackets.lineTo(x + side * reach, y - half);
      brackets.lineTo(x + side * reach, y + half);
      brackets.lineTo(x + side * (reach - 4), y + half);
    }
  }
  context.strokeStyle = theme.colours.accent;
  context.lineWidth = 2;
  strokePath(context, brackets);
}

/**
 * Where steps are folded away: a triangle behind the point, and how many there are.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintFolded(context, scene) {
  const { subject, camera, theme } = scene;
  const beside = Math.max(radiusOf(camera), barOf(camera)) + 3;
  const triangles = scene.newPath();
  /** @type {[string, number, number][]} */
  const counts = [];
  eachSigned(scene, "folded", 6, (step, x, y) => {
    addPolygon(triangles, [[x + beside, y - 5], [x + beside + 7, y], [x + beside, y + 5]]);
    if (camera.row >= TEXT_ROW) counts.push([`+${count(subject.shown.folded.get(step) ?? 0)}`, x + beside + 10, y + 4]);
  });
  context.fillStyle = theme.colours.ink;
  fillPath(context, triangles);
  context.font = theme.font;
  context.textAlign = "left";
  for (const [text, x, y] of counts) writeText(context, theme, text, x, y);
}

/**
 * Values above the edges, and at the closest a few words of what is known of a step below its point.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import("./painter.js").Cast} cast
 */
function paintTexts(context, { subject, camera, theme, overlay, values, wordsOf }, cast) {
  const { layout } = subject;
  const radius = radiusOf(camera);
  const steps = Array.from({ length: cast.count }, (_, at) => cast.steps[at]).filter((step) => step > 0);
  /** @param {number} step @returns {[number, number]} */
  const placeOf = (step) => [layout.x[step], layout.y[step]];
  context.textAlign = "left";
  context.fillStyle = theme.colours.quiet;
  if (overlay && values) {
    const valued = steps.filter((step) => !Number.isNaN(values[step]));
    for (const step of stepsToLabel(valued, placeOf, camera, { width: TEXT_COLUMN, height: TEXT_ROW }, (at) => Number(subject.isPruned(at)))) {
      const [x, y] = treeToPage(camera, ...placeOf(step));
      writeText(context, theme, overlay.format(values[step]), x + radius + 9, y - 5);
    }
  }
  if (!wordsOf || camera.row < WORDS_ROW || camera.column < WORDS_COLUMN) return;
  const most = Math.floor((camera.column - 2 * radius - 18) / LETTER);
  for (const step of steps) {
    const words = wordsOf(step);
    const [x, y] = treeToPage(camera, ...placeOf(step));
    if (words) writeText(context, theme, words.length > most ? `${words.slice(0, most - 1)}…` : words, x + radius + 9, y + 12);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function paintVerdicts(context, scene) {
  const { subject, camera, theme } = scene;
  context.font = theme.glyphFont;
  context.textAlign = "center";
  const above = radiusOf(camera) + 9;
  eachSigned(scene, "judged", GLYPH, (step, x, y) => {
    const verdict = subject.labels?.shown(step);
    if (!verdict) return;
    context.fillStyle = theme.verdicts[verdict];
    writeText(context, theme, VERDICTS[verdict].glyph, x, y - above);
  });
}

/**
 * @param {import("./scene.js").Path} path
 * @param {[number, number][]} corners
 */
function addPolygon(path, corners) {
  corners.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
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
