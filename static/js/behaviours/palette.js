/**
 * Ctrl-K: one field that leads to every page, does whatever the page's keys do, and searches. A page adds entries of its own
 * by listening for the event `palette`.
 * @module
 */

import { entriesFor } from "../lib/palette.js";

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} group
 * @property {string} [hint] the key that does the same
 * @property {() => void} act
 */

/** @param {HTMLElement} place */
export function attach(place) {
  const dialog = /** @type {HTMLDialogElement} */ (place);
  const field = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
  const said = /** @type {HTMLElement} */ (dialog.querySelector("[data-palette=said]"));
  /** @type {Entry[]} */
  let shown = [];
  let at = 0;

  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]") && !dialog.open) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  for (const opener of document.querySelectorAll("[data-opens=palette]")) {
    opener.removeAttribute("disabled");
    opener.addEventListener("click", open);
  }
  field.addEventListener("input", show);
  dialog.addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined && shown.length) mark(Math.min(Math.max(to, 0), shown.length - 1));
    else if (event.key === "Enter") act(at);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option) act([...list.querySelectorAll("[role=option]")].indexOf(option));
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  function open() {
    field.value = "";
    dialog.showModal();
    show();
  }

  function show() {
    shown = entriesFor(entries(dialog), field.value);
    shown.push(...typedEntries(dialog, field.value.trim()));
    list.replaceChildren(...groupsOf(shown));
    said.textContent = shown.length ? "" : `Nothing here is called “${field.value.trim()}”.`;
    mark(0);
  }

  /** @param {number} to */
  function mark(to) {
    at = to;
    list.querySelectorAll("[role=option]").forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === at));
      if (place !== at) return;
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
    if (!shown.length) field.removeAttribute("aria-activedescendant");
  }

  /** @param {number} which */
  function act(which) {
    const entry = shown[which];
    if (!entry) return;
    // Closed first: keys act on the page, and the focus is back where it was.
    dialog.close();
    entry.act();
  }
}

/**
 * What the page can do and where one can go, as its dialog of keys lists it, and what the page itself adds.
 * @param {HTMLElement} dialog
 * @returns {Entry[]}
 */
function entries(dialog) {
  /** @type {Entry[]} */
  const found = [];
  dialog.dispatchEvent(new CustomEvent("palette", { bubbles: true, detail: { add: (/** @type {Entry} */ entry) => found.push(entry) } }));
  for (const row of document.querySelectorAll("[data-act]")) {
    const key = /** @type {HTMLElement} */ (row).dataset.act ?? "";
    // It waits for a letter; the pages it leads to stand in this list.
    if (key === "g") continue;
    const hint = row.previousElementSibling?.textContent?.trim() ?? "";
    found.push({ name: sentence(row.textContent ?? ""), group: "Do", hint, act: () => dispatchEvent(new CustomEvent("act", { detail: key })) });
  }
  for (const button of document.querySelectorAll(".menu-body button, .place-actions :is(a, button)")) {
    if (!(button instanceof HTMLElement) || button.hidden || button.matches(":disabled, [inert] *")) continue;
    const name = sentence(wordsOf(button));
    if (name && !found.some((entry) => entry.name === name)) found.push({ name, group: "Do", act: () => button.click() });
  }
  for (const link of document.querySelectorAll("[data-go], .crumbs a, .bar-you")) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const name = sentence(link.classList.contains("bar-you") ? "profile" : (link.textContent ?? "").trim());
    if (!found.some((entry) => entry.group === "Go to" && entry.name === name)) found.push({ name, group: "Go to", act: () => link.click() });
  }
  return found;
}

/**
 * What follows from the very letters that were typed.
 * @param {HTMLElement} dialog
 * @param {string} typed
 * @returns {Entry[]}
 */
function typedEntries(dialog, typed) {
  const { runs, search } = dialog.dataset;
  /** @type {Entry[]} */
  const found = [];
  if (!typed) return found;
  dialog.dispatchEvent(new CustomEvent("palette-typed", { bubbles: true, detail: { typed, add: (/** @type {Entry} */ entry) => found.push(entry) } }));
  const number = typed.match(/^(?:run\s*)?#?(\d{1,9})$/i)?.[1];
  if (runs && number) found.push({ name: `Run ${number}`, group: "Go to", act: () => location.assign(`${runs}${number}/`) });
  if (search) found.push({ name: `Search the team for “${typed}”`, group: "Search", act: () => location.assign(`${search}?${new URLSearchParams({ q: typed })}`) });
  return found;
}

/** @param {Entry[]} shown @returns {HTMLElement[]} */
function groupsOf(shown) {
  return shown.map((entry, at) => {
    const option = document.createElement("div");
    option.className = "palette-option";
    option.id = `palette-${at}`;
    option.setAttribute("role", "option");
    const group = document.createElement("span");
    group.className = "palette-group";
    group.textContent = entry.group;
    const name = document.createElement("span");
    name.className = "palette-name";
    name.dir = "auto";
    name.textContent = entry.name;
    option.append(group, name);
    for (const key of (entry.hint ?? "").split(/\s+/).filter(Boolean)) {
      const hint = document.createElement("kbd");
      hint.textContent = key;
      option.append(hint);
    }
    return option;
  });
}

/** What stands on a button, without the key that does the same. @param {HTMLElement} button */
function wordsOf(button) {
  return [...button.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("").trim();
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
