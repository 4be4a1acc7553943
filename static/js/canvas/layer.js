/**
 * One canvas that covers its host, in device pixels. It paints nothing.
 * @module
 */

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}} Layer */

/**
 * @param {HTMLElement} host
 * @returns {Layer}
 */
export function addLayer(host) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no 2D canvas; the branch beside it still works.");
  return { canvas, context };
}

/**
 * Empties it, too.
 * @param {Layer} layer
 * @param {import("../lib/camera.js").Size} size in pixels of the page
 */
export function sizeLayer({ canvas, context }, { width, height }) {
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
}
