/**
 * Offers the time zone this browser is in, where the form has another one chosen; a press on the button takes it.
 * @module
 */

/** @param {HTMLElement} offer */
export function attach(offer) {
  const menu = document.getElementById(offer.dataset.for ?? "");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!(menu instanceof HTMLSelectElement) || menu.value === zone) return;
  if (![...menu.options].some(({ value }) => value === zone)) return;
  const name = offer.querySelector('[data-part="zone"]');
  if (name) name.textContent = zone.replaceAll("_", " ");
  offer.hidden = false;
  offer.querySelector("button")?.addEventListener("click", () => {
    menu.value = zone;
    offer.hidden = true;
    menu.focus();
  });
}
