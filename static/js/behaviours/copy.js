/**
 * Copies the value of the field whose id is in [data-from], and says so on the button. The button is hidden without it.
 * @module
 */

/** @param {HTMLElement} button */
export function attach(button) {
  const field = document.getElementById(button.dataset.from ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  const words = button.textContent ?? "";
  field.addEventListener("focus", () => field.select());
  button.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      // Browsers lend the clipboard to secure pages only; elsewhere the reader copies what is selected.
      field.select();
      button.textContent = "Press Ctrl-C";
    }
  });
  field.addEventListener("blur", () => {
    button.textContent = words;
  });
}
