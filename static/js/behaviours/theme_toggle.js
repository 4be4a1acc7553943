/**
 * Switches between light and dark and keeps the choice as a cookie, which the server writes into the page.
 * @module
 */

const YEAR_S = 31_536_000;

/** @param {HTMLElement} button */
export function attach(button) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const next = isDark(root) ? "light" : "dark";
    root.dataset.theme = next;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${next}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
    root.dispatchEvent(new CustomEvent("theme-changed"));
  });
}

/**
 * @param {HTMLElement} root
 * @returns {boolean}
 */
function isDark(root) {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
