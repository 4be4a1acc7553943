/**
 * The list of what the tree page can do besides showing a branch: one module a thing, which is handed the page, watches its
 * facts and answers with the keys it acts on. None knows another. The first picture needs some of them; the others are fetched
 * when it is there, so that nobody waits for what they do not look at yet.
 * @module
 */

import { attachKeys } from "../../canvas/keyboard.js";
import { attach as filters } from "./filters.js";
import { attach as palette } from "./palette.js";
import { attach as picture } from "./picture.js";
import { attach as reasoning } from "./reasoning.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {Record<string, () => void>} Keys actions by the shipped key's name */
/** @typedef {(page: RunPage) => Keys | void} Attach */

/** @type {Attach[]} */
export const FEATURES = [picture, filters, palette, reasoning];

/** What is fetched after the first picture, and the keys it will act on. @type {{keys: string, load: () => Promise<{attach: Attach}>}[]} */
const LATER = [
  { keys: "c", load: () => import("./comments.js") },
  { keys: "vw", load: () => import("./beside.js") },
  { keys: "f", load: () => import("./fork.js") },
  { keys: "nN", load: () => import("./find.js") },
  { keys: " ,.b", load: () => import("./replay.js") },
  { keys: "o", load: () => import("./outline.js") },
  { keys: "y", load: () => import("./share.js") },
  { keys: "", load: () => import("./plot.js") },
];

/** Where controls stand that do nothing before their feature is there; the search is none of them, what was typed waits in it. */
const PLACES = ".run-tools > .menu:not(.run-view), [data-part=fork], .run-replay, .run-plot, [data-part=comments], [data-part=outline-toggle]";

/** After the first picture: what is fetched sooner would come between it and the reader. @returns {Promise<void>} */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/**
 * Fetches the rest and hands it the page. Until then, and from the moment that the page takes keys at all, its controls cannot
 * be pressed, and a key that is pressed acts when its feature has come.
 * @param {RunPage} page
 * @returns {Promise<void>} rejected where a module does not come
 */
export async function attachLater(page) {
  const waiting = [...document.querySelectorAll(PLACES)].filter((part) => !part.contains(document.activeElement));
  for (const part of waiting) part.toggleAttribute("inert", true);
  /** @type {Keys} */
  const acting = {};
  const coming = painted().then(() => Promise.all(LATER.map(({ load }) => load()))).then((modules) => {
    for (const { attach } of modules) Object.assign(acting, attach(page));
    for (const part of waiting) part.toggleAttribute("inert", false);
  });
  const keys = LATER.flatMap((each) => [...each.keys]);
  attachKeys(Object.fromEntries(keys.map((key) => [key, () => void coming.then(() => acting[key]?.())])));
  await coming;
}
