/**
 * Finds what a page asks for: the module of [data-page] and the behaviours named in [data-behaviour]. Knows nothing else.
 * @module
 */

for (const place of document.querySelectorAll("[data-behaviour]")) {
  const name = /** @type {HTMLElement} */ (place).dataset.behaviour?.replaceAll("-", "_");
  import(`./behaviours/${name}.js`).then((behaviour) => behaviour.attach(place));
}

const page = document.body.dataset.page;
if (page) import(`./pages/${page}.js`);
