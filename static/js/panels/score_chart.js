/**
 * What one scorer gave two branches, row by row, as lines: the left one whole with discs, the right one dashed with squares.
 * It shows no number that the rows below do not.
 * @module
 */

import { decimal } from "../lib/format.js";
import { scoreOf } from "../lib/pairs.js";
import { element } from "./element.js";

/** @typedef {import("../lib/pairs.js").Pair} Pair */

const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 96;
const EDGE = 10;
/** With more rows than this points would touch, and lines say it alone. */
const MOST_POINTS = 120;

export class ScoreChart {
  /**
   * @param {HTMLElement} host
   * @param {(row: number) => void} choose
   */
  constructor(host, choose) {
    this.host = host;
    this.choose = choose;
    /** @type {readonly Pair[]} */
    this.pairs = [];
    this.scorer = "";
    this.width = 0;
    this.picture = svg("svg", { class: "score-chart" });
    this.legend = element("p", "score-chart-legend small");
    host.replaceChildren(this.legend, this.picture);
    this.picture.addEventListener("click", (event) => this.choose(this.rowAt(event)));
    new ResizeObserver(([entry]) => {
      if (Math.round(entry.contentRect.width) === this.width) return;
      this.width = Math.round(entry.contentRect.width);
      this.draw();
    }).observe(host);
  }

  /** @param {readonly Pair[]} pairs @param {string} scorer key, empty for none */
  show(pairs, scorer) {
    this.pairs = pairs;
    this.scorer = scorer;
    this.host.hidden = !scorer || pairs.length < 2;
    this.draw();
  }

  draw() {
    if (this.host.hidden || !this.width) return;
    const sides = [this.pairs.map(({ left }) => scoreOf(left, this.scorer)), this.pairs.map(({ right }) => scoreOf(right, this.scorer))];
    const [low, high] = extent(sides.flat());
    const x = (/** @type {number} */ row) => EDGE + ((this.width - 2 * EDGE) * row) / Math.max(this.pairs.length - 1, 1);
    const y = (/** @type {number} */ value) => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - low)) / (high - low);
    const first = this.pairs.findIndex(({ isFirst }) => isFirst);
    const parts = [line(EDGE, y(low), this.width - EDGE, y(low), "score-chart-axis"), line(EDGE, y(high), this.width - EDGE, y(high), "score-chart-axis")];
    if (first >= 0) parts.push(line(x(first), 0, x(first), HEIGHT, "score-chart-first"));
    sides.forEach((values, side) => parts.push(...series(values, side ? "right" : "left", x, y)));
    this.picture.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    this.picture.setAttribute("width", String(this.width));
    this.picture.setAttribute("height", String(HEIGHT));
    // With its words, not before: an image without a name is nothing to a screen reader.
    this.picture.setAttribute("role", "img");
    this.picture.setAttribute("aria-label", this.said(sides, first));
    this.picture.replaceChildren(...parts);
    this.legend.replaceChildren(
      element("span", "score-chart-key score-chart-key-left", "left"),
      element("span", "score-chart-key score-chart-key-right", "right"),
      ` ${this.scorer}, from ${decimal(low)} to ${decimal(high)}${first < 0 ? "" : "; the upright line is the first difference"}`,
    );
  }

  /** @param {number[][]} sides @param {number} first */
  said([left, right], first) {
    const ends = [left, right].map((values) => decimal(values.filter((value) => !Number.isNaN(value)).pop() ?? null));
    const parts = first < 0 ? "The branches do not differ." : `They first differ in row ${first + 1}.`;
    return `Score of ${this.scorer} in ${this.pairs.length} rows: the left branch ends with ${ends[0]}, the right with ${ends[1]}. ${parts}`;
  }

  /** @param {MouseEvent} event */
  rowAt(event) {
    const share = (event.clientX - this.picture.getBoundingClientRect().left - EDGE) / Math.max(this.width - 2 * EDGE, 1);
    return Math.round(Math.min(Math.max(share, 0), 1) * (this.pairs.length - 1));
  }
}

/** @param {number[]} values @returns {[number, number]} 0 and 1 where all lie between them */
function extent(values) {
  const known = values.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (low >= 0 && high <= 1) return [0, 1];
  return low < high ? [low, high] : [low - 1, low + 1];
}

/**
 * @param {number[]} values
 * @param {"left" | "right"} side
 * @param {(row: number) => number} x
 * @param {(value: number) => number} y
 */
function series(values, side, x, y) {
  let path = "";
  let isOpen = false;
  /** @type {SVGElement[]} */
  const points = [];
  values.forEach((value, row) => {
    if (Number.isNaN(value)) {
      isOpen = false;
      return;
    }
    path += `${isOpen ? "L" : "M"}${x(row)} ${y(value)}`;
    isOpen = true;
    if (values.length <= MOST_POINTS) points.push(point(side, x(row), y(value)));
  });
  return [svg("path", { d: path, class: `score-chart-line score-chart-${side}` }), ...points];
}

/** @param {"left" | "right"} side @param {number} x @param {number} y */
function point(side, x, y) {
  if (side === "left") return svg("circle", { cx: x, cy: y, r: 3, class: "score-chart-point-left" });
  return svg("rect", { x: x - 3, y: y - 3, width: 6, height: 6, class: "score-chart-point-right" });
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} name */
function line(x1, y1, x2, y2, name) {
  return svg("line", { x1, y1, x2, y2, class: name });
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function svg(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
