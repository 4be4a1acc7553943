/**
 * The list of what is not saved yet: each with its time and why, and where two tabs said different things, both to choose from.
 * @module
 */

import { ago, nameOf, saidOf } from "../lib/outbox_words.js";
import { chainOf } from "../lib/outbox.js";
import { dialogOf } from "./dialog.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/outbox.js").Outbox} Outbox */
/** @typedef {import("../lib/outbox.js").Entry} Entry */

const MOST_ROWS = 50;
/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @param {Outbox} outbox */
export function showList(outbox) {
  if (dialog?.open) return;
  const list = element("ul", "waiting");
  const note = element("p", "quiet");
  const again = button("button", () => void outbox.retry(), "Try again");
  const made = dialogOf("Not saved yet", note, list, element("div", "form-actions", again));
  dialog = made;
  let drawn = "";
  const show = () => {
    const all = outbox.pending("");
    made.querySelector("h2")?.replaceChildren(all.length ? "Not saved yet" : "All is saved");
    note.textContent = noteOf(outbox.state.get(), all.length);
    again.hidden = !all.length;
    const now = all.map(({ id, refused }) => `${id} ${refused?.status ?? ""} ${refused?.theirs?.client_uuid ?? ""}`).join();
    if (now === drawn) return;
    drawn = now;
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...rowsOf(outbox, all));
    // What was decided is gone from the list: who decides by key goes on from its heading.
    if (hadFocus) made.querySelector("h2")?.focus();
  };
  const unwatch = outbox.state.watch(show);
  made.addEventListener("close", unwatch);
  show();
  made.showModal();
}

/** @param {import("../net/outbox.js").OutboxState} state @param {number} count */
function noteOf({ isKept, message }, count) {
  if (!count) return "All you said is saved.";
  const where = isKept
    ? "This is kept in this browser, also when you close the page, and sent in this order."
    : "This browser keeps nothing for pages (no room, or a private window), so leave this page open until all is saved.";
  return message ? `${where} ${message}` : where;
}

/** @param {Outbox} outbox @param {Entry[]} all */
function rowsOf(outbox, all) {
  // Those that need the person first.
  const sorted = [...all.filter((entry) => entry.refused), ...all.filter((entry) => !entry.refused)];
  const rows = sorted.slice(0, MOST_ROWS).map((entry) => rowOf(outbox, entry));
  const rest = sorted.length - rows.length;
  return rest > 0 ? [...rows, element("li", "quiet", `and ${rest} more`)] : rows;
}

/** @param {Outbox} outbox @param {Entry} entry */
function rowOf(outbox, entry) {
  const row = element("li", "waiting-row");
  if (entry.refused?.status === 412) row.append(...choiceOf(outbox, entry));
  else row.append(element("p", "", ...named(entry), ` · ${ago(Date.now() - entry.at)}`));
  if (entry.refused && entry.refused.status !== 412) {
    const drop = button("button button-quiet", () => void outbox.resolve(entry.id, null), "Give it up");
    row.append(element("p", "waiting-why", entry.refused.message), drop);
  }
  return row;
}

/** @param {Entry} entry @returns {(Node | string)[]} */
function named(entry) {
  if (entry.words) return [element("bdi", "", entry.words)];
  return [element("strong", "", nameOf(entry)), ": ", ...shown(entry.body)];
}

/** What this tab said last against what was stored meanwhile. @param {Outbox} outbox @param {Entry} entry @returns {HTMLElement[]} */
function choiceOf(outbox, entry) {
  const theirs = entry.refused?.theirs ?? null;
  const mine = chainOf(outbox.pending(""), entry).at(-1) ?? entry;
  const keep = button("button", () => void outbox.resolve(entry.id, { ...entry.body, replaces: theirs?.client_uuid ?? null }), "Keep this tab’s");
  const take = button("button", () => void outbox.resolve(entry.id, null), "Take the other");
  return [
    element("p", "", element("strong", "", nameOf(entry)), " was judged by you in two places."),
    element("p", "", "This tab: ", ...shown(mine.body), `, ${ago(Date.now() - mine.at)}`),
    element("p", "", "The other: ", ...shown(theirs), theirs ? `, ${ago(Date.now() - Date.parse(theirs.at))}` : ""),
    element("div", "button-group", keep, take),
  ];
}

/** @param {any} body */
function shown(body) {
  const { glyph, verdict, words } = saidOf(body);
  const text = element("bdi", "", words);
  return glyph ? [element("span", `verdict-${verdict}`, glyph), " ", text] : [text];
}
