/**
 * Opens its dialog, as one that nothing beside it can be reached in, from every button that names it in [data-opens]; the
 * button may come later than the dialog, or be drawn anew. Escape closes it, and the focus goes back where it was. Browsers
 * that know `command` on buttons open it by themselves, also before this script has come; this is for the others.
 * @module
 */

/** @param {HTMLElement} place */
export function attach(place) {
  const dialog = /** @type {HTMLDialogElement} */ (place);
  if ("command" in HTMLButtonElement.prototype) return;
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
    if (pressed instanceof HTMLElement && pressed.dataset.opens === dialog.id && !dialog.open) dialog.showModal();
  });
}
