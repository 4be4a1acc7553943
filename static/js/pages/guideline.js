/**
 * The pages of guidelines: formulas of what stands there and, where one is written, what it will look like while one writes. It
 * stores nothing.
 * @module
 */

import { ApiError, getFragment } from "../net/api.js";
import { typesetAll } from "../panels/run_facts.js";

const SETTLED_MS = 700;

typesetAll(document);
const preview = document.querySelector("[data-preview]");
const field = document.querySelector('[data-part="text"]');
if (preview instanceof HTMLElement && field instanceof HTMLTextAreaElement) follow(field, preview);

/** @param {HTMLTextAreaElement} field @param {HTMLElement} preview */
function follow(field, preview) {
  const place = /** @type {HTMLElement} */ (preview.querySelector('[data-part="preview-place"]'));
  const said = /** @type {HTMLElement} */ (preview.querySelector('[data-part="preview-said"]'));
  let timer = 0;
  let asking = new AbortController();

  async function show() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const page = field.value.trim() && (await getFragment(preview.dataset.preview ?? "", { fields: { text: field.value }, signal }));
      if (signal.aborted) return;
      const shown = page ? page.querySelector('[data-part="preview-text"]') : null;
      place.replaceChildren(...(shown ? document.importNode(shown, true).childNodes : []));
      typesetAll(place);
      said.textContent = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!signal.aborted) said.textContent = `What is shown may be old: ${error.message}`;
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(), SETTLED_MS);
  });
  void show();
}
