/**
 * The comments of the tree page: those about the selected step or about the run, loaded while their section is open, with
 * their counts beside the steps of the branch. What a discussion looks like is the server's to say.
 * @module
 */

import { ApiError, getJson, postJson } from "../../net/api.js";
import { Fragments } from "../../net/fragments.js";
import { listen } from "../../net/live.js";
import { Composer } from "../../panels/composer.js";
import { Discussion } from "../../panels/discussion.js";
import { element } from "../../panels/element.js";
import { openedStep } from "./address.js";
import { given, place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {{run: number, counts: Record<string, number>}} Counts counts: by step */

const SETTLED_MS = 150;
const GAP_MS = 500;
const LINKED = /^#comment-([1-9]\d{0,16})$/;

/**
 * @param {RunPage} page
 * @returns {import("./features.js").Keys | void}
 */
export function attach(page) {
  // Whoever may not comment is shown none of it.
  if (!document.querySelector('[data-part="comments"]')) return;
  const comments = new Comments(page);
  comments.start();
  return { c: () => comments.write() };
}

class Comments {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.section = /** @type {HTMLDetailsElement} */ (place("comments"));
    this.means = {
      template: /** @type {HTMLTemplateElement} */ (place("composer")),
      people: `${given.discussionsApi}people`,
      preview: `${given.discussions}preview/`,
    };
    this.discussion = new Discussion(place("comments-list"), /** @type {HTMLDialogElement} */ (place("comment-delete")), this.means, {
      show: (address) => void this.show(address),
      changed: () => this.refresh(),
      say: (words) => this.say(words),
    });
    this.fragments = new Fragments("discussion");
    /** @type {Counts} */
    this.counts = { run: 0, counts: {} };
    this.linked = Number(LINKED.exec(location.hash)?.[1] ?? 0);
    /** @type {"step" | "run"} */
    this.about = this.linked && !openedStep() ? "run" : "step";
    this.address = "";
    this.talkedAbout = "";
    this.timer = 0;
    this.line = { close() {} };
    this.isResting = false;
    this.isDue = false;
    /** @type {Composer | null} */
    this.composer = null;
  }

  start() {
    const { page, section } = this;
    page.selected.watch(() => this.selected());
    section.addEventListener("toggle", () => (section.open ? this.open() : this.close()));
    for (const about of /** @type {const} */ (["step", "run"])) {
      place(`comments-${about}`).addEventListener("click", () => this.turnTo(about));
    }
    new MutationObserver(() => this.markBranch()).observe(place("branch"), { childList: true });
    document.addEventListener("visibilitychange", () => !document.hidden && !section.open && void this.count());
    addEventListener("hashchange", () => this.follow());
    this.sayCounts();
    void this.count();
    // Whoever was quicker than this module has opened them already.
    if (section.open) this.open();
    else if (this.linked) section.open = true;
  }

  get step() {
    return this.page.selected.get();
  }

  get target() {
    return this.about === "run" ? `run/${given.runId}` : `step/${given.runId}:${this.step}`;
  }

  open() {
    this.line.close();
    this.line = listen(given.commentsSocket, { told: () => void this.refresh() });
    this.turned();
  }

  close() {
    this.line.close();
    this.fragments.leave();
  }

  /** @param {"step" | "run"} about */
  turnTo(about) {
    this.about = about;
    this.turned();
  }

  selected() {
    // The link was to a comment about another step.
    if (LINKED.test(location.hash) && this.step !== openedStep()) history.replaceState(null, "", location.pathname + location.search);
    this.sayCounts();
    clearTimeout(this.timer);
    if (this.section.open && this.about === "step") this.timer = setTimeout(() => this.turned(), SETTLED_MS);
  }

  /** A link to a comment was opened on this very page. */
  follow() {
    const comment = Number(LINKED.exec(location.hash)?.[1] ?? 0);
    if (!comment || document.getElementById(`comment-${comment}`)) return;
    this.linked = comment;
    this.talkedAbout = "";
    if (this.section.open) this.turned();
    else this.section.open = true;
  }

  /** Something else is talked about: its discussion and its draft take the place of the other's. */
  turned() {
    this.sayCounts();
    const { target } = this;
    if (!this.section.open || target === this.talkedAbout || !this.step) return;
    this.talkedAbout = target;
    this.discussion.clear();
    this.compose(target);
    const about = `${given.discussions}${target}/`;
    void this.show(this.linked ? `${about}?comment=${this.linked}` : about);
  }

  /** @param {string} target */
  compose(target) {
    const address = `${given.discussionsApi}${target}/threads`;
    this.composer = new Composer(this.means, {
      name: this.about === "run" ? `Comment on run ${given.runId}` : `Comment on step ${this.step}`,
      button: "Comment",
      draft: `comment ${address}`,
      send: async (text, uuid) => {
        await postJson(address, { text, client_uuid: uuid });
        // Whoever has gone on to another step meanwhile reads about that one.
        if (this.talkedAbout === target) this.address = `${given.discussions}${target}/`;
        await this.refresh();
      },
    });
    place("comments-new").replaceChildren(this.composer.form);
  }

  /** @param {string} address of the part of the discussion to be shown */
  async show(address) {
    this.address = address;
    const known = this.fragments.of(address);
    if (known) this.discussion.show(known);
    this.say(known ? "" : "Loading…");
    try {
      const fragment = await this.fragments.fetch(address);
      if (!fragment || this.address !== address) return;
      this.discussion.show(fragment);
      this.say("");
      this.showLinked();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.address === address) this.failed(error, address);
    }
  }

  /** @param {ApiError} error @param {string} address */
  failed(error, address) {
    if (this.linked && error.status === 404) {
      this.linked = 0;
      void this.show(address.split("?")[0]).then(() => this.say("The comment that the link leads to is not here any more."));
      return;
    }
    this.say(`The comments did not come: ${error.message} What is shown may be old.`);
  }

  showLinked() {
    const comment = this.linked;
    this.linked = 0;
    const shown = comment ? document.getElementById(`comment-${comment}`) : null;
    if (!shown) return;
    shown.scrollIntoView({ block: "nearest" });
    shown.focus({ preventScroll: true });
    postJson(`${given.discussionsApi}comments/${comment}/seen`, {}).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      console.info(`It stays among the unseen: ${error.message}`);
    });
  }

  /** What is shown, and the counts, are asked for anew: at once, or GAP_MS after the last time where that is later. */
  async refresh() {
    this.isDue = true;
    if (this.isResting) return;
    this.isDue = false;
    this.isResting = true;
    this.fragments.forget();
    await Promise.all([this.count(), this.section.open && this.address ? this.show(this.address) : null]);
    setTimeout(() => {
      this.isResting = false;
      if (this.isDue) void this.refresh();
    }, GAP_MS);
  }

  async count() {
    try {
      this.counts = await getJson(given.comments);
      this.sayCounts();
      this.markBranch();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Counts are told again with the next news; whether the server answers is said where the run grows.
      console.info(`The comments were not counted: ${error.message}`);
    }
  }

  sayCounts() {
    const ofStep = this.counts.counts[this.step] ?? 0;
    place("comments-count").textContent = ofStep || this.counts.run ? `${ofStep} on this step, ${this.counts.run} on the run` : "";
    place("comments-step").textContent = `Step ${this.step || "–"} (${ofStep})`;
    place("comments-run").textContent = `Run ${given.runId} (${this.counts.run})`;
    for (const about of ["step", "run"]) place(`comments-${about}`).setAttribute("aria-pressed", String(about === this.about));
  }

  markBranch() {
    for (const option of place("branch").querySelectorAll("[data-number].branch-step")) {
      const count = this.counts.counts[/** @type {HTMLElement} */ (option).dataset.number ?? ""] ?? 0;
      const shown = option.querySelector(".branch-comments");
      if ((shown?.textContent ?? "") === (count ? String(count) : "")) continue;
      shown?.remove();
      if (!count) continue;
      const mark = element("span", "branch-comments", String(count));
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", `${count} ${count === 1 ? "comment" : "comments"}`);
      mark.title = mark.getAttribute("aria-label") ?? "";
      option.querySelector(".branch-place")?.append(mark);
    }
  }

  /** @param {string} words */
  say(words) {
    place("comments-state").textContent = words;
  }

  write() {
    this.section.open = true;
    this.turned();
    this.composer?.form.scrollIntoView({ block: "nearest" });
    this.composer?.focus();
  }
}
