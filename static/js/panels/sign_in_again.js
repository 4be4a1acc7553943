/**
 * Says that the session has ended, and leads to signing in beside this page; notices by itself that somebody has. It takes no
 * password: the page to sign in on knows second factors and links, and is the only one that asks.
 * @module
 */

import { plural } from "../lib/format.js";
import { dialogOf } from "./dialog.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/outbox.js").Outbox} Outbox */

const SIGNED_IN = "/signed-in/";
const LOOKS_MS = 5_000;
/** @type {HTMLDialogElement | null} */
let dialog = null;
/** The trouble that was told of last, so that who closes the dialog is left alone with it. */
let told = "";

/** @param {Outbox} outbox whose state says why nothing is sent */
export function askToSignIn(outbox) {
  const { line } = outbox.state.get();
  if (dialog?.open || told === line) return;
  told = line;
  const words = element("p", "");
  const made = line === "somebody-else" ? dialogOf("Somebody else is signed in", words) : dialogOf("Sign in again", words, wayIn());
  dialog = made;
  const looking = setInterval(() => void outbox.ask(), LOOKS_MS);
  const show = () => {
    const { line: now, waiting } = outbox.state.get();
    if (now !== line) made.close();
    words.textContent = sentence(line, waiting);
  };
  const unwatch = outbox.state.watch((state) => {
    if (state.line !== "signed-out" && state.line !== "somebody-else") {
      told = "";
      unwatch();
    }
    if (made.open) show();
  });
  made.addEventListener("close", () => clearInterval(looking));
  if (line === "somebody-else") made.append(element("div", "form-actions", button("button", () => void outbox.ask(), "Look again")));
  show();
  made.showModal();
}

/** @param {string} line @param {number} waiting */
function sentence(line, waiting) {
  const kept = `${plural(waiting, "thing")} you said ${waiting === 1 ? "is" : "are"} kept in this browser`;
  if (line === "somebody-else") return `In this browser another person has signed in since this page was opened. ${kept} for you, and not sent in their name: sign them out, and sign in as yourself.`;
  return `Your session has ended. ${kept}, and sent as soon as you have signed in; this page goes on where it is.`;
}

function wayIn() {
  const link = element("a", "button button-primary", "Sign in in a new tab");
  link.href = SIGNED_IN;
  link.target = "_blank";
  // So that the new tab may close itself when it is done.
  link.rel = "opener";
  return element("div", "form-actions", link);
}
