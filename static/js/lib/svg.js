/**
 * Writes down as SVG what a painter asks of a canvas: the calls our painters make, and no others. Draws nothing.
 * @module
 */

/** A path as the `d` of an element; coordinates to a hundredth of a pixel. */
export class SvgPath {
  constructor() {
    /** @type {string[]} */
    this.parts = [];
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.parts.push(`M${short(x)} ${short(y)}`);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.parts.push(`L${short(x)} ${short(y)}`);
  }

  /** @param {number[]} places of both handles and the end */
  bezierCurveTo(...places) {
    this.parts.push(`C${places.map(short).join(" ")}`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.parts.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }

  /** A whole circle, which is all our painters draw. @param {number} x @param {number} y @param {number} radius */
  arc(x, y, radius) {
    const [r, across] = [short(radius), short(2 * radius)];
    this.parts.push(`M${short(x + radius)} ${short(y)}a${r} ${r} 0 1 1 -${across} 0a${r} ${r} 0 1 1 ${across} 0z`);
  }

  closePath() {
    this.parts.push("z");
  }
}

export class SvgWriter {
  /** @param {{width: number, height: number}} size */
  constructor(size) {
    this.size = size;
    /** @type {string[]} */
    this.elements = [];
    this.fillStyle = "#000";
    this.strokeStyle = "#000";
    this.lineWidth = 1;
    this.globalAlpha = 1;
    this.lineJoin = "miter";
    this.font = "10px monospace";
    this.textAlign = "start";
    /** @type {number[]} */
    this.dash = [];
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash;
  }

  /** @param {SvgPath} path */
  fill(path) {
    if (path.parts.length) this.elements.push(`<path d="${path.parts.join("")}" fill="${escaped(this.fillStyle)}"${this.opacity()}/>`);
  }

  /** @param {SvgPath} path */
  stroke(path) {
    if (path.parts.length) this.elements.push(`<path d="${path.parts.join("")}" fill="none" ${this.line()}${this.opacity()}/>`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const [left, top, wide, high] = [x, y, width, height].map(short);
    this.elements.push(`<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="${escaped(this.fillStyle)}"${this.opacity()}/>`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.text(text, x, y, `fill="${escaped(this.fillStyle)}"`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.text(text, x, y, `fill="none" ${this.line()}`);
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} ink */
  text(text, x, y, ink) {
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? "start";
    this.elements.push(`<text x="${short(x)}" y="${short(y)}" style="font:${escaped(this.font)}" text-anchor="${anchor}" ${ink}${this.opacity()}>${escaped(text)}</text>`);
  }

  line() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(short).join(" ")}"` : "";
    return `stroke="${escaped(this.strokeStyle)}" stroke-width="${short(this.lineWidth)}" stroke-linejoin="${escaped(this.lineJoin)}"${dash}`;
  }

  opacity() {
    return this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
  }

  /**
   * @param {string} title said by whoever reads the picture aloud
   * @returns {string} the whole document
   */
  document(title) {
    const { width, height } = this.size;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escaped(title)}</title>\n${this.elements.join("\n")}\n</svg>\n`;
  }
}

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** What XML has no place for is left out: texts come from models. @param {string} text */
function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "").replace(/[&<>"']/g, (sign) => names[/** @type {keyof typeof names} */ (sign)]);
}
