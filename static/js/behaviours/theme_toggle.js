/**
 * Switches between light and dark and keeps the choice as a cookie, which the server writes into the page; of a person
 * who is signed in the server keeps it too, for their other browsers.
 * @module
 */

import { postForm } from "../net/api.js";

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
    const { keep } = button.dataset;
    // This browser has it already; where the server cannot be reached the others keep what they had.
    if (keep) postForm(keep, { theme: next }).catch((error) => console.info(`The theme is kept here only: ${error.message}`));
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
