/**
 * The view of a tree as a file: PNG by a canvas of its own, SVG by writing the painter's calls down. Below it stands what the
 * page around it says of it, since a picture travels alone.
 * @module
 */

import { SvgPath, SvgWriter } from "../lib/svg.js";

/** @typedef {import("./tree_canvas.js").TreeCanvas} TreeCanvas */

const CAPTION = 28;
/** PNGs are read on screens of any density. */
const DENSITY = 2;

/**
 * @param {TreeCanvas} tree
 * @param {string} caption
 * @returns {Promise<Blob>} rejects where the browser cannot make a picture of this size
 */
export function pngOf(tree, caption) {
  const { width, height } = tree.size;
  const canvas = document.createElement("canvas");
  canvas.width = width * DENSITY;
  canvas.height = (height + CAPTION) * DENSITY;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no second canvas to paint the picture on.");
  context.scale(DENSITY, DENSITY);
  paint(tree, context, caption, () => new Path2D());
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`This browser makes no picture of ${canvas.width} × ${canvas.height} pixels.`))), "image/png");
  });
}

/**
 * @param {TreeCanvas} tree
 * @param {string} caption
 * @returns {string} the document
 */
export function svgOf(tree, caption) {
  const { width, height } = tree.size;
  const writer = new SvgWriter({ width, height: height + CAPTION });
  paint(tree, /** @type {any} */ (writer), caption, () => new SvgPath());
  return writer.document(caption);
}

/**
 * @param {TreeCanvas} tree
 * @param {CanvasRenderingContext2D} context
 * @param {string} caption
 * @param {() => import("./scene.js").Path} newPath
 */
function paint(tree, context, caption, newPath) {
  const { size, theme } = tree;
  tree.paintPicture(context, size, newPath);
  context.globalAlpha = 1;
  context.fillStyle = theme.colours.paper;
  context.fillRect(0, size.height, size.width, CAPTION);
  context.fillStyle = theme.colours.quiet;
  context.font = theme.font;
  context.textAlign = "left";
  context.fillText(caption, 12, size.height + CAPTION / 2 + 4);
}
