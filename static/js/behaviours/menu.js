/**
 * A menu made of details and summary: Escape closes it and gives the focus back, so does pressing beside it or choosing one
 * of its actions. Those marked [data-stays] keep it open.
 * @module
 */

/** @param {HTMLElement} place */
export function attach(place) {
  const menu = /** @type {HTMLDetailsElement} */ (place);
  const summary = /** @type {HTMLElement} */ (menu.querySelector("summary"));
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  menu.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("button, a") : null;
    if (!pressed || pressed.closest("[data-stays]")) return;
    close();
    if (menu.contains(document.activeElement)) summary.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !(event.target instanceof Node && menu.contains(event.target))) close();
  });
}
