/**
 * What stands in place of a turn: that one comes, that none does and why, that nobody could be asked. It asks for nothing itself.
 * @module
 */

import { plural } from "../../lib/format.js";
import { duration } from "../../lib/pace.js";
import { button, element } from "../../panels/element.js";
import * as guideline from "./guideline.js";
import { given, place, say } from "./places.js";

/** @typedef {import("../../net/api.js").ApiError} ApiError */

/** Headings by what the server says of why no turn comes. @type {Record<string, string>} */
const HEADINGS = {
  done: "All done",
  "nothing-left": "Nothing left for you",
  paused: "This queue is paused",
  closed: "This queue is closed",
  "not-admitted": "You are not admitted to this queue",
  "not-yours": "This queue is assigned to others",
  "screening-unfinished": "Finish the tasks you began",
  "must-read": "Read the guideline first",
  "too-many": "You have other tasks in hand",
};

export function showLoading() {
  place("loading").hidden = false;
  place("state").hidden = true;
  place("loading").focus();
}

export function hideAll() {
  place("loading").hidden = true;
  place("state").hidden = true;
}

/**
 * @param {{why: string, sentence: string}} answer
 * @param {{submitted: number, seconds: number}} visit
 * @param {() => void} again
 */
export function showNone({ why, sentence }, { submitted, seconds }, again) {
  const heading = element("h2", "", HEADINGS[why] ?? "No task comes");
  const parts = [heading, element("p", "", sentence)];
  if (submitted > 0) parts.push(element("p", "label-summary number", `${plural(submitted, "task")} done on this visit in ${duration(seconds)}, ${duration(seconds / submitted)} a task.`));
  if (why === "must-read" && given.guideline) {
    const words = element("div", "label-must-read");
    parts.push(words);
    void guideline.show(words);
    return put("label-reading", parts);
  }
  const back = element("a", submitted > 0 ? "button button-primary" : "button", "To the queues");
  back.href = given.queues;
  const again_ = why === "done" ? [] : [button("button", again, "Look again")];
  put("empty", [...parts, element("p", "label-ways", back, " ", ...again_)]);
}

/** @param {ApiError} error @param {() => void} again */
export function showFailure(error, again) {
  const isOffline = error.status === 0;
  const said = isOffline ? "What you have said is kept in this browser and is sent when the connection is back." : "What you have said is kept in this browser.";
  const notice = element(
    "div",
    isOffline ? "notice notice-warning" : "notice notice-error",
    element("h2", "", isOffline ? "The next task could not be fetched" : "The next task did not come"),
    element("p", "", `${error.message} ${said} `, button("button", again, "Try again")),
  );
  notice.setAttribute("role", "alert");
  put("label-failure", [notice]);
}

/** @param {string} className @param {HTMLElement[]} parts */
function put(className, parts) {
  place("loading").hidden = true;
  const host = place("state");
  host.className = `label-state-place ${className}`;
  host.replaceChildren(...parts);
  host.hidden = false;
  // What can be done next has the focus, and listeners hear why.
  const first = host.querySelector("a[href], button");
  if (first instanceof HTMLElement) first.focus();
  say(parts.map((part) => part.textContent).join(" "));
}
