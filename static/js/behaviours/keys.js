/**
 * The keys of every page: `?` opens this dialog, `/` goes to the page's search, `g` and a letter to another page.
 * @module
 */

import { isWriting } from "../canvas/keyboard.js";
import { isSingle, Keys } from "../lib/keys.js";

/** How long a letter is waited for after `g`. */
const WAIT_MS = 2000;

/** @param {HTMLDialogElement} dialog */
export function attach(dialog) {
  const keys = new Keys(document.body.dataset.keys);
  renameHints(keys);
  let goingUntil = 0;

  // Before the page's own keys, which leave alone what was taken here: after `g` a letter means a page and nothing else.
  addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || !isSingle(event) || isWriting(event.target) || dialog.open) return;
      if (document.querySelector("dialog[open]") || ["Shift", "AltGraph"].includes(event.key)) return;
      const going = event.timeStamp < goingUntil;
      goingUntil = 0;
      const taken = going ? goTo(dialog, event.key) : act(keys.meant(event.key));
      if (taken) event.preventDefault();
    },
    { capture: true },
  );

  addEventListener("act", (event) => void act(/** @type {CustomEvent<string>} */ (event).detail));

  /** @param {string | null} meant @returns {boolean} whether the key was one of these */
  function act(meant) {
    if (meant === "?") dialog.showModal();
    else if (meant === "g") goingUntil = performance.now() + WAIT_MS;
    else if (meant === "/") return focusSearch();
    else return false;
    return true;
  }
}

/** @param {HTMLDialogElement} dialog @param {string} letter */
function goTo(dialog, letter) {
  const link = [...dialog.querySelectorAll("[data-go]")].find((place) => /** @type {HTMLElement} */ (place).dataset.go === letter);
  if (link instanceof HTMLElement) link.click();
  return link !== undefined;
}

function focusSearch() {
  const search = document.querySelector("main [data-search]") ?? document.querySelector("main input[type=search]");
  if (!(search instanceof HTMLElement)) return false;
  search.focus();
  if (search instanceof HTMLInputElement) search.select();
  return true;
}

/**
 * Keys stand on buttons too, as they are shipped; where somebody chose others, those are shown, and none where single
 * keys are off. Panels are built later than this, so it watches for what comes; nobody pays for it who changed nothing.
 * @param {Keys} keys
 */
function renameHints(keys) {
  if (!keys.isChanged) return;
  const rename = (/** @type {ParentNode} */ place) => {
    for (const hint of place.querySelectorAll("button kbd:not([data-shipped])")) {
      if (!(hint instanceof HTMLElement) || hint.closest("dialog")) continue;
      hint.dataset.shipped = hint.textContent ?? "";
      hint.textContent = keys.shown(hint.dataset.shipped);
      hint.hidden = hint.textContent === "";
      hint.closest("[aria-keyshortcuts]")?.removeAttribute("aria-keyshortcuts");
    }
  };
  rename(document);
  new MutationObserver(() => rename(document)).observe(document.body, { childList: true, subtree: true });
}
