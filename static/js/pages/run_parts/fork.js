/**
 * The dialog that forks the run from the selected step or from the time cursor. The form is the server's, the same as on the
 * page of its own; here it is only shown, sent, and shown again.
 * @module
 */

import { withParameter } from "../../lib/url_state.js";
import { ApiError, getFragment } from "../../net/api.js";
import { sendForm } from "../../net/forms.js";
import { button, element } from "../../panels/element.js";
import { given, place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

/** @param {RunPage} page */
export function attach(page) {
  const link = document.querySelector('[data-part="fork"]');
  // Who may not launch has no button, and no key.
  if (!(link instanceof HTMLAnchorElement)) return;
  const dialog = /** @type {HTMLDialogElement} */ (place("fork-dialog"));
  const style = document.querySelector("template[data-part=fork-style]");
  if (style instanceof HTMLTemplateElement) document.head.append(document.importNode(style.content, true));
  const open = () => void show(dialog, addressOf(page));
  const lead = () => (link.href = addressOf(page));
  page.selected.watch(lead);
  page.cursor.watch(lead);
  lead();
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  return { f: open };
}

/** @param {RunPage} page */
function addressOf(page) {
  const [step, seq] = [page.selected.get(), page.cursor.get()];
  const address = new URL(withParameter(new URL(given.fork, location.href).href, "step", step ? String(step) : null), location.href).href;
  return seq ? withParameter(address, "seq", String(seq)) : address;
}

/** @param {HTMLDialogElement} dialog @param {string} address */
async function show(dialog, address) {
  const host = place("fork-place");
  host.replaceChildren(element("p", "quiet", "Loading the form"));
  if (!dialog.open) dialog.showModal();
  try {
    const page = await getFragment(address);
    if (dialog.open) put(host, page);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const again = button("button", () => void show(dialog, address), "Try again");
    host.replaceChildren(element("p", "notice notice-error", `The form did not come, and nothing was forked. ${error.message} `, again));
  }
}

/** @param {HTMLElement} host @param {Document} page */
function put(host, page) {
  const form = page.querySelector("#fork-form");
  if (!form) throw new Error("The page of forking was answered without its form.");
  const focused = host.contains(document.activeElement) ? (document.activeElement?.id ?? "") : "";
  const shown = /** @type {HTMLFormElement} */ (document.importNode(form, true));
  host.replaceChildren(shown);
  attachForm(host, shown);
  const wrong = shown.querySelector("[aria-invalid=true], .field-error");
  const field = wrong?.closest(".field")?.querySelector("input, select, textarea") ?? document.getElementById(focused) ?? shown.querySelector("[name=kind]:checked");
  if (field instanceof HTMLElement) field.focus();
}

/** @param {HTMLElement} host @param {HTMLFormElement} form */
function attachForm(host, form) {
  const buttons = [...form.querySelectorAll("button")];
  const look = /** @type {HTMLButtonElement} */ (form.querySelector('button[name="look"]'));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(host, form, event.submitter, buttons);
  });
  // Another strategy has other parameters: the server writes them, and keeps what was typed.
  form.querySelector('[name="strategy"]')?.addEventListener("change", () => form.requestSubmit(look));
  form.querySelector('[data-part="fork-cancel"]')?.addEventListener("click", (event) => {
    event.preventDefault();
    /** @type {HTMLDialogElement} */ (place("fork-dialog")).close();
  });
}

/**
 * @param {HTMLElement} host
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} by
 * @param {HTMLButtonElement[]} buttons that must not be pressed twice meanwhile
 */
async function send(host, form, by, buttons) {
  const sent = sendForm(form, by);
  for (const each of buttons) each.disabled = true;
  try {
    const answer = await sent;
    if ("page" in answer) put(host, answer.page);
    else if (new URL(answer.address).pathname.startsWith("/t/")) location.assign(answer.address);
    else throw new ApiError("Your session has ended. Sign in in another tab, then send this again.", 401, "signed-out");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    for (const each of buttons) each.disabled = false;
    form.querySelector(".fork-failure")?.remove();
    const failure = element("p", "notice notice-error fork-failure", error.message);
    failure.setAttribute("role", "alert");
    form.querySelector(".form-actions")?.before(failure);
  }
}
