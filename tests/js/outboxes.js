import { afterEach } from "node:test";

globalThis.addEventListener ??= () => {};
const { ApiError } = await import("../../static/js/net/api.js");
const { Outbox } = await import("../../static/js/net/outbox.js");
const { PageStore } = await import("../../static/js/net/outbox_store.js");

const opened = [];
afterEach(() => {
  for (const outbox of opened.splice(0)) {
    clearTimeout(outbox.timer);
    outbox.entries.channel.close();
  }
});

/** An outbox whose server answers as told: an ApiError refuses, a promise is waited for, nothing left stores. */
export function outboxOf(answers, who = async () => "7", store = new PageStore()) {
  const sent = [];
  const stored = [];
  const send = async (path, body) => {
    sent.push(body.client_uuid);
    const answer = await answers.shift();
    if (answer instanceof Error) throw answer;
    return { label: body };
  };
  const outbox = new Outbox({ person: "7", store, send, who });
  outbox.onStored(({ body }) => stored.push(body.client_uuid));
  opened.push(outbox);
  return { outbox, sent, stored };
}

export const given = (client_uuid, number = 1, more = {}) => ({ path: `/steps/${number}/labels`, key: `step/${number}`, body: { client_uuid, verdict: "good", ...more } });
export const other = { verdict: "bad", flagged: false, critique: "", reason: "", chosen: null, client_uuid: "theirs", at: "2026-11-22T12:00:00Z" };
export const refusal = (status, code = "x", more = {}) => new ApiError("no", status, code, more);
export const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Stands for the database of a browser that has room for so many entries. */
export class FullStore {
  constructor(room = Infinity, kept = []) {
    Object.assign(this, { room, kept });
  }
  async all() {
    return [...this.kept];
  }
  async add(entry) {
    if (this.kept.length >= this.room) throw new DOMException("no room", "QuotaExceededError");
    const made = { ...entry, id: this.kept.length + 1 };
    this.kept.push(made);
    return made;
  }
  async put(entry) {
    this.kept = this.kept.map((one) => (one.id === entry.id ? entry : one));
  }
  async remove(id) {
    this.kept = this.kept.filter((one) => one.id !== id);
  }
}
