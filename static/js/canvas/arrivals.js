/**
 * Lets new steps of a growing tree fade in, by paper over them that grows thin; never under reduced motion. It delays
 * nothing: the steps are there, selected and clicked, from the first frame.
 * @module
 */

import { treeToPage } from "../lib/camera.js";
import { radiusOf } from "./scene.js";

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
   * @param {Pick<import("./scene.js").Scene, "subject" | "camera" | "size" | "theme">} scene
   * @returns {boolean} whether another frame is needed
   */
  paint(context, { subject, camera, size, theme }) {
    const share = (performance.now() - this.since) / FADE_MS;
    if (share >= 1 || this.last < this.first) return false;
    const radius = radiusOf(camera) + 1;
    context.globalAlpha = 1 - share;
    context.fillStyle = theme.colours.paper;
    context.beginPath();
    for (let step = this.first; step <= this.last; step++) {
      if (!subject.isThere(step)) continue;
      const [x, y] = treeToPage(camera, subject.layout.x[step], subject.layout.y[step]);
      if (x < 0 || y < 0 || x > size.width || y > size.height) continue;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.globalAlpha = 1;
    return true;
  }
}
