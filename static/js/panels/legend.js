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
    "legend-shapes small",
    sign("legend-chosen", "chosen"),
    sign("legend-right", "right answer"),
    sign("legend-pruned", "pruned"),
  );
  if (!overlay) {
    const words = isHidden ? "Scores are hidden; labels you give now say so." : "No colour.";
    host.replaceChildren(element("p", "small quiet", words), shapes);
    return;
  }
  const { low, middle, high } = overlay.domain(tree);
  const ends = [low, middle, high].map((value) => element("span", "number", overlay.format(value)));
  host.replaceChildren(
    element("p", "small", overlay.legend(tree)),
    element("span", `legend-scale legend-scale-${overlay.scale}`),
    element("p", "legend-ends small quiet", ...ends),
    shapes,
  );
}

/**
 * @param {string} className
 * @param {string} words
 */
function sign(className, words) {
  return element("span", "legend-sign", element("span", className), words);
}
