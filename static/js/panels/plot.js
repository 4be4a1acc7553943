/**
 * Numbers along the branch as small lines, each with the range of what stood beside its steps; a step is chosen in them by
 * pointer or by arrow key, and a table says the same. It decides nothing about which numbers.
 * @module
 */

import { bandOf, endsOf, lineOf, placeAt, plotWords, xOf, yOf } from "../lib/plot.js";
import { element } from "./element.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {ArrayLike<number>} values by place in the branch, NaN where unknown
 * @property {import("../lib/plot.js").Band} band
 * @property {import("../lib/plot.js").Ends} scale
 * @property {(value: number) => string} format
 * @typedef {{branch: readonly number[], selected: number, series: Series[], isPruned: (step: number) => boolean, chosen: number}} Plotted
 *   chosen: the last step of the chosen branch, 0 for none
 */

const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 58;
/** Left of it the ends of the axis are written. */
const BOX = { left: 48, top: 8, bottom: 48 };
const RIGHT = 6;
/** With more steps points would touch, and the line says it alone. */
const MOST_POINTS = 80;
/** Longer branches have no table: the list of the branch says each number too. */
const MOST_ROWS = 1000;

export class BranchPlot {
  /**
   * @param {HTMLElement} host
   * @param {(number: number) => void} select
   */
  constructor(host, select) {
    this.host = host;
    this.select = select;
    /** @type {Plotted} */
    this.plotted = { branch: [], selected: 0, series: [], isPruned: () => false, chosen: 0 };
    this.charts = element("div", "plot-charts");
    this.charts.tabIndex = 0;
    this.charts.setAttribute("role", "slider");
    this.charts.setAttribute("aria-label", "Step of the branch");
    this.table = element("div", "sr-only");
    host.replaceChildren(this.charts, this.table);
    this.charts.addEventListener("click", (event) => this.onClick(event));
    this.charts.addEventListener("keydown", (event) => this.onKey(event));
    this.width = 0;
    new ResizeObserver(([entry]) => {
      if (Math.round(entry.contentRect.width) === this.width) return;
      this.width = Math.round(entry.contentRect.width);
      this.draw();
    }).observe(this.charts);
  }

  /** @param {Plotted} plotted */
  show(plotted) {
    const isOther = plotted.branch.join() !== this.plotted.branch.join();
    this.plotted = plotted;
    this.draw();
    if (isOther || this.table.dataset.of !== wordsOf(plotted)) this.tell();
  }

  draw() {
    const { branch, selected, series } = this.plotted;
    if (!this.width || !branch.length) return;
    const gaps = series.length - 1;
    const width = Math.floor((this.width - gaps * 16) / Math.max(series.length, 1));
    this.charts.replaceChildren(...series.map((one) => this.chart(one, Math.max(width, 100))));
    const at = branch.indexOf(selected);
    this.charts.setAttribute("aria-valuemin", "1");
    this.charts.setAttribute("aria-valuemax", String(branch.length));
    this.charts.setAttribute("aria-valuenow", String(at + 1));
    const numbers = series.map(({ name, values, format }) => `${name} ${Number.isNaN(values[at]) ? "unknown" : format(values[at])}`);
    this.charts.setAttribute("aria-valuetext", [`step ${selected}, ${at + 1} of ${branch.length}`, ...numbers].join(", "));
  }

  /** @param {Series} series @param {number} width */
  chart({ name, values, band, scale, format }, width) {
    const { branch, selected } = this.plotted;
    const box = { ...BOX, right: width - RIGHT };
    const ends = endsOf(values, band, scale);
    const at = branch.indexOf(selected);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "plot-picture", "aria-hidden": "true" });
    picture.append(
      svg("path", { d: bandOf(band, ends, box), class: "plot-band" }),
      svg("line", { x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom, class: "plot-axis" }),
      svg("line", { x1: box.left, x2: box.right, y1: box.top, y2: box.top, class: "plot-axis" }),
      svg("path", { d: lineOf(values, ends, box), class: "plot-line" }),
      ...this.points(values, ends, box),
    );
    if (at >= 0) picture.append(svg("line", { x1: xOf(at, branch.length, box), x2: xOf(at, branch.length, box), y1: 2, y2: HEIGHT - 4, class: "plot-here" }));
    const now = at >= 0 && !Number.isNaN(values[at]) ? element("strong", "mono", format(values[at])) : "";
    const head = element("span", "plot-head", element("span", "", name, " "), now);
    const axis = element("span", "plot-ends mono", element("span", "", format(ends.high)), element("span", "", format(ends.low)));
    return element("div", "plot-chart", head, axis, picture);
  }

  /**
   * @param {ArrayLike<number>} values
   * @param {import("../lib/plot.js").Ends} ends
   * @param {import("../lib/plot.js").Box} box
   * @returns {SVGElement[]} a point a step, a cross where it was pruned, a larger one where the chosen branch ends
   */
  points(values, ends, box) {
    const { branch, selected, isPruned, chosen } = this.plotted;
    /** @type {SVGElement[]} */
    const made = [];
    branch.forEach((step, at) => {
      if (Number.isNaN(values[at])) return;
      const isMarked = step === selected || step === chosen || isPruned(step);
      if (branch.length > MOST_POINTS && !isMarked) return;
      const [x, y] = [xOf(at, branch.length, box), yOf(values[at], ends, box)];
      if (isPruned(step)) made.push(svg("path", { d: `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`, class: "plot-pruned" }));
      else made.push(svg("circle", { cx: x, cy: y, r: step === selected || step === chosen ? 4 : 2, class: step === chosen ? "plot-point plot-chosen" : "plot-point" }));
    });
    return made;
  }

  tell() {
    const { branch, series } = this.plotted;
    this.table.dataset.of = wordsOf(this.plotted);
    const words = series.map(({ name, values }) => element("p", "", plotWords(name, values)));
    if (branch.length > MOST_ROWS) {
      this.table.replaceChildren(...words);
      return;
    }
    const head = element("tr", "", ...["Step", ...series.map(({ name }) => name)].map((name) => element("th", "", name)));
    const rows = branch.map((step, at) => {
      const cells = series.map(({ values, format }) => element("td", "", Number.isNaN(values[at]) ? "unknown" : format(values[at])));
      return element("tr", "", element("th", "", String(step)), ...cells);
    });
    this.table.replaceChildren(...words, element("table", "", element("caption", "", "Numbers along the branch"), element("thead", "", head), element("tbody", "", ...rows)));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const picture = event.target instanceof Element ? event.target.closest(".plot-chart")?.querySelector("svg") : null;
    const { branch } = this.plotted;
    if (!picture || !branch.length) return;
    const { left, width } = picture.getBoundingClientRect();
    this.select(branch[placeAt(event.clientX - left, branch.length, { ...BOX, right: width - RIGHT })]);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { branch, selected } = this.plotted;
    const at = branch.indexOf(selected);
    const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: branch.length - 1 }[event.key];
    if (to === undefined || branch[to] === undefined) return;
    event.preventDefault();
    this.select(branch[to]);
  }
}

/** What the table is made of. @param {Plotted} plotted */
function wordsOf({ branch, series }) {
  return JSON.stringify([branch, series.map(({ name, values }) => [name, ...Array.from(values)])]);
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function svg(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return /** @type {SVGElement} */ (made);
}
