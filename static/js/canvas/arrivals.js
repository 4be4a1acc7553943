/**
 * Lets new steps of a growing tree fade in, by paper over them that grows thin; never under reduced motion. It delays
 * nothing: the steps are there, selected and clicked, from the first frame.
 * @module
 */

import { treeToPage } from "../lib/camera.js";

const FADE_MS = 150;
/** More at once are no growth that an eye could follow. */
const MOST = 400;

export class Arrivals {
  constructor() {
    this.first = 1;
    this.last = 0;
    this.since = 0;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** @param {number} first @param {number} last new steps, by number */
  come(first, last) {
    if (this.still.matches || last < first || last - first >= MOST) return;
    this.first = first;
    this.last = last;
    this.since = performance.now();
  }

  /**
   * @param {CanvasRenderingContext2D} context of the layer above the steps
   * @param {Pick<import("./painter.js").Scene, "layout" | "camera" | "size" | "theme">} scene
   * @param {number} radius of a step
   * @returns {boolean} whether another frame is needed
   */
  paint(context, { layout, camera, size, theme }, radius) {
    const share = (performance.now() - this.since) / FADE_MS;
    if (share >= 1 || this.last < this.first) return false;
    context.globalAlpha = 1 - share;
    context.fillStyle = theme.colours.paper;
    context.beginPath();
    for (let step = this.first; step <= this.last && step < layout.y.length; step++) {
      const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
      if (x < 0 || y < 0 || x > size.width || y > size.height) continue;
      context.moveTo(x + radius + 1, y);
      context.arc(x, y, radius + 1, 0, 2 * Math.PI);
    }
    context.fill();
    context.globalAlpha = 1;
    return true;
  }
}
