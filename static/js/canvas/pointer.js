/**
 * Mouse, pen and fingers on the canvas: drag pans, wheel and pinch zoom, a click selects. Changes nothing but the camera.
 * @module
 */

const STILL = 4;
const WHEEL_SPEED = 0.0016;
const WHEEL_LINE = 16;

/**
 * @param {import("./tree_canvas.js").TreeCanvas} canvas
 * @param {(step: number) => void} select
 */
export function attachPointer(canvas, select) {
  const { host } = canvas;
  /** @type {Map<number, {x: number, y: number}>} */
  const held = new Map();
  let travelled = 0;

  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
    host.setPointerCapture(event.pointerId);
    held.set(event.pointerId, placeIn(host, event));
    if (held.size === 1) travelled = 0;
  });

  host.addEventListener("pointermove", (event) => {
    const now = placeIn(host, event);
    const before = held.get(event.pointerId);
    if (!before) {
      const step = canvas.stepAt(now.x, now.y);
      canvas.hover(step);
      host.classList.toggle("tree-canvas-pointing", step > 0);
      return;
    }
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (held.size === 2) pinch(canvas, held, event.pointerId, now);
    else if (travelled > STILL) canvas.pan(now.x - before.x, now.y - before.y);
    held.set(event.pointerId, now);
  });

  host.addEventListener("pointerup", (event) => {
    const was = held.delete(event.pointerId);
    if (!was || travelled > STILL) return;
    const { x, y } = placeIn(host, event);
    const step = canvas.stepAt(x, y);
    if (step) select(step);
  });
  host.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  host.addEventListener("pointerleave", () => canvas.hover(0));

  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_LINE;
      const { x, y } = placeIn(host, event);
      canvas.zoom(Math.exp(-pixels * WHEEL_SPEED), [x, y]);
    },
    { passive: false },
  );
}

/**
 * @param {import("./tree_canvas.js").TreeCanvas} canvas
 * @param {Map<number, {x: number, y: number}>} held
 * @param {number} moved
 * @param {{x: number, y: number}} now
 */
function pinch(canvas, held, moved, now) {
  const before = held.get(moved);
  const [other] = [...held].filter(([id]) => id !== moved).map(([, place]) => place);
  if (!before || !other) return;
  const apart = Math.hypot(before.x - other.x, before.y - other.y);
  if (apart > 0) canvas.zoom(Math.hypot(now.x - other.x, now.y - other.y) / apart, [(now.x + other.x) / 2, (now.y + other.y) / 2]);
}

/**
 * @param {HTMLElement} host
 * @param {MouseEvent} event
 */
function placeIn(host, event) {
  const { left, top } = host.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
