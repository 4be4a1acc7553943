/**
 * Ways from the tree to two branches side by side: the chosen one beside the best right one, a step set aside beside another,
 * another run of the problem. It aligns nothing, and keeps one step: the one set aside.
 * @module
 */

import { atom } from "../../lib/atom.js";
import { count } from "../../lib/format.js";
import { withParameter } from "../../lib/url_state.js";
import { element } from "../../panels/element.js";
import { keep, openedWith } from "./address.js";
import { focusTree } from "./focus.js";
import { given, place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

/** @param {RunPage} page */
export function attach(page) {
  const known = Number(openedWith("aside") ?? 0);
  const aside = atom("step set aside", known >= 1 && known <= page.tree.count ? known : 0);
  const show = () => showAside(page, aside.get());
  aside.watch((step) => keep("aside", step ? String(step) : null));
  aside.watch(show);
  page.selected.watch(show);
  page.selected.watch(leadFromStep);
  show();
  leadFromStep(page.selected.get());
  const act = () => {
    if (isOther(aside.get(), page.selected.get())) lead(addressOf(aside.get(), page.selected.get()));
    else aside.set(page.selected.get());
  };
  place("set-aside").addEventListener("click", act);
  place("aside-drop").addEventListener("click", () => {
    aside.set(0);
    focusTree();
  });
  return { v: act, w: () => lead(given.beside) };
}

const leading = element("span", "small quiet");
leading.setAttribute("role", "status");
// Who comes back finds the page as it was.
addEventListener("pageshow", () => leading.remove());

/** A key shows nothing of its own while the page that it leads to is on its way. @param {string} address */
function lead(address) {
  place("aside").after(leading);
  leading.textContent = "Opening the comparison…";
  location.assign(address);
}

/** @param {number} aside @param {number} selected */
function isOther(aside, selected) {
  return aside > 0 && selected > 0 && aside !== selected;
}

/** @param {number} left @param {number} right */
function addressOf(left, right) {
  const address = new URL(withParameter(new URL(given.beside, location.href).href, "left", String(left)), location.href).href;
  return withParameter(address, "right", String(right));
}

/** @param {RunPage} page @param {number} aside */
function showAside(page, aside) {
  const selected = page.selected.get();
  const link = /** @type {HTMLAnchorElement} */ (place("aside-compare"));
  place("aside").hidden = !aside;
  place("aside-step").textContent = count(aside);
  if (isOther(aside, selected)) link.href = addressOf(aside, selected);
  else link.removeAttribute("href");
  const words = isOther(aside, selected) ? `Compare step ${count(selected)} with step ${count(aside)}` : `Set step ${count(selected)} aside to compare it`;
  place("set-aside-words").textContent = selected ? words : "Set a step aside to compare it";
}

/** Another run stands beside the step that is looked at; beside its parent, a fork is followed. @param {number} step */
function leadFromStep(step) {
  for (const link of document.querySelectorAll(".menu a[data-other]")) {
    if (link instanceof HTMLAnchorElement) link.href = withParameter(link.href, "left", step ? String(step) : null);
  }
}
