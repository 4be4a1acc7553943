/**
 * Between tree space (columns, rows) and page space (CSS pixels of the canvas). Holds no state: a camera is a value.
 *
 * Columns and rows scale apart, because a tree of four columns and three hundred rows has no good single scale.
 * @module
 */

/**
 * @typedef {{column: number, row: number, x: number, y: number}} Camera pixels a column, pixels a row, page place of (0, 0)
 * @typedef {{width: number, height: number}} Size
 * @typedef {{left: number, right: number, top: number, bottom: number}} Area in tree space
 */

export const COLUMN_MOST = 160;
export const ROW_MOST = 34;
/** Whoever zooms comes closer than a small tree is shown at first, so that words have room beside its points. */
export const CLOSER = 3;
const COLUMN_LEAST = 3;
const MARGIN = { left: 36, right: 72, top: 36, bottom: 28 };

/**
 * The camera that shows the whole tree.
 * @param {import("./layout.js").Layout} layout
 * @param {Size} size
 * @returns {Camera}
 */
export function fit(layout, size) {
  const width = Math.max(size.width - MARGIN.left - MARGIN.right, 1);
  const height = Math.max(size.height - MARGIN.top - MARGIN.bottom, 1);
  const column = Math.min(COLUMN_MOST, width / Math.max(layout.columns - 1, 1));
  const row = Math.min(ROW_MOST, height / Math.max(layout.rows - 1, 1));
  const x = MARGIN.left + Math.max(0, (width - column * (layout.columns - 1)) / 2);
  const y = MARGIN.top + (height - row * (layout.rows - 1)) / 2;
  return { column, row, x, y };
}

/**
 * @param {Camera} camera
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export function treeToPage(camera, x, y) {
  return [camera.x + x * camera.column, camera.y + y * camera.row];
}

/**
 * @param {Camera} camera
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export function pageToTree(camera, x, y) {
  return [(x - camera.x) / camera.column, (y - camera.y) / camera.row];
}

/**
 * @param {Camera} camera
 * @param {Size} size
 * @returns {Area} what of tree space the page shows
 */
export function areaInView(camera, size) {
  const [left, top] = pageToTree(camera, 0, 0);
  const [right, bottom] = pageToTree(camera, size.width, size.height);
  return { left, right, top, bottom };
}

/**
 * @param {Camera} camera
 * @param {number} dx
 * @param {number} dy
 * @returns {Camera}
 */
export function panned(camera, dx, dy) {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/**
 * Zoomed about a place of the page, which keeps its place in the tree. Further out than half of what shows the whole tree it
 * does not go.
 * @param {Camera} camera
 * @param {number} factor
 * @param {[number, number]} at
 * @param {Camera} whole the camera that shows the whole tree
 * @returns {Camera}
 */
export function zoomed(camera, factor, [atX, atY], whole) {
  const [x, y] = pageToTree(camera, atX, atY);
  const column = clamp(camera.column * factor, Math.min(COLUMN_LEAST, whole.column), CLOSER * COLUMN_MOST);
  const row = clamp(camera.row * factor, whole.row / 2, CLOSER * ROW_MOST);
  return { column, row, x: atX - x * column, y: atY - y * row };
}

/**
 * The same camera, moved as little as brings a place of the tree well into view.
 * @param {Camera} camera
 * @param {Size} size
 * @param {number} x
 * @param {number} y
 * @returns {Camera}
 */
export function showing(camera, size, x, y) {
  const [pageX, pageY] = treeToPage(camera, x, y);
  const marginX = Math.min(MARGIN.left, size.width / 4);
  const marginY = Math.min(MARGIN.top, size.height / 4);
  const dx = clamp(pageX, marginX, size.width - marginX) - pageX;
  const dy = clamp(pageY, marginY, size.height - MARGIN.bottom) - pageY;
  return dx || dy ? panned(camera, dx, dy) : camera;
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
