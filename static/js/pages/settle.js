/**
 * The pages of settling: keys for verdicts and for the dispute before and behind, formulas, and the discussion of the step. What
 * stands is decided by the page's own form.
 * @module
 */

import { attachKeys } from "../canvas/keyboard.js";
import { ApiError, getFragment, postJson } from "../net/api.js";
import { Composer } from "../panels/composer.js";
import { Discussion } from "../panels/discussion.js";
import { typesetAll } from "../panels/run_facts.js";

typesetAll(document);

/** @type {Record<string, () => void>} */
const actions = {};
for (const pressed of document.querySelectorAll("[data-press-key], [data-go-key]")) {
  if (!(pressed instanceof HTMLElement)) continue;
  // A form that is on its way is not sent again: the second key belongs to the page that comes.
  actions[pressed.dataset.pressKey ?? pressed.dataset.goKey ?? ""] = () => !isLeaving && pressed.click();
}
let isLeaving = false;
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.method === "post" && !event.defaultPrevented) isLeaving = true;
});
addEventListener("pageshow", () => (isLeaving = false));

const section = document.querySelector('[data-part="comments"]');
const write = section instanceof HTMLElement ? discuss(section) : null;
if (write) actions.c = write;
attachKeys(actions);

/**
 * Shows what people wrote about the step, with a field for more.
 * @param {HTMLElement} section
 * @returns {() => void} goes to the field
 */
function discuss(section) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (section.querySelector(`[data-part="${name}"]`));
  const { about = "", threads = "", people = "", preview = "" } = section.dataset;
  const means = { template: /** @type {HTMLTemplateElement} */ (part("composer")), people, preview };
  const say = (/** @type {string} */ words) => (part("comments-state").textContent = words);
  let shown = about;

  const show = async (/** @type {string} */ address) => {
    shown = address;
    try {
      const found = (await getFragment(address)).querySelector('[data-part="discussion"]');
      if (!found) throw new Error(`${address} was answered without a discussion.`);
      if (shown !== address) return;
      discussion.show(/** @type {HTMLElement} */ (document.importNode(found, true)));
      say("");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(`The comments did not come: ${error.message}`);
    }
  };
  const discussion = new Discussion(part("comments-list"), /** @type {HTMLDialogElement} */ (part("comment-delete")), means, {
    show: (address) => void show(address),
    changed: () => show(shown),
    say,
  });
  const composer = new Composer(means, {
    name: "Comment on this step",
    button: "Comment",
    draft: `comment ${threads}`,
    send: async (text, uuid) => {
      await postJson(threads, { text, client_uuid: uuid });
      await show(about);
    },
  });
  part("comments-new").replaceChildren(composer.form);
  say("Loading…");
  void show(about);
  return () => composer.focus();
}
