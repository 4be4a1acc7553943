/**
 * Finds what a page asks for: the module of [data-page] and the behaviours named in [data-behaviour]. Knows nothing else.
 * @module
 */

for (const place of document.querySelectorAll("[data-behaviour]")) {
  const { dataset } = /** @type {HTMLElement} */ (place);
  const name = dataset.behaviour?.replaceAll("-", "_");
  import(`./behaviours/${name}.js`).then((behaviour) => {
    behaviour.attach(place);
    dataset.attached = "";
  });
}

const page = document.body.dataset.page;
if (page) import(`./pages/${page}.js`);
