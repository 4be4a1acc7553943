/**
 * Says what the colours and shapes of the canvas mean, and whose numbers they show.
 * @module
 */

import { element } from "./element.js";

/**
 * @param {HTMLElement} host
 * @param {import("../lib/tree.js").Tree} tree
 * @param {import("../overlays/index.js").Overlay | null} overlay
 * @param {boolean} isHidden whether the reader hid what would be shown
 */
export function showLegend(host, tree, overlay, isHidden) {
  const shapes = element(
    "p",
    "legend-shapes",
    sign("legend-chosen", "chosen"),
    sign("legend-right", "right answer"),
    sign("legend-pruned", "pruned"),
  );
  if (!overlay) {
    const words = isHidden ? "Scores are hidden, and the labels you give say so." : "Not coloured.";
    host.replaceChildren(element("p", "", words), shapes);
    return;
  }
  const { low, middle, high } = overlay.domain(tree);
  const [least, centre, most] = [low, middle, high].map((value) => element("span", "mono", overlay.format(value)));
  /** @param {string} half */
  const colours = (half) => element("span", `legend-half legend-${overlay.scale(tree)}-${half}`);
  const scale = element("span", "legend-scale", least, colours("low"), centre, colours("high"), most);
  host.replaceChildren(element("p", "", overlay.legend(tree)), scale, shapes);
}

/**
 * @param {string} className
 * @param {string} words
 */
function sign(className, words) {
  return element("span", "legend-sign", element("span", className), words);
}
