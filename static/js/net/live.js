/**
 * Listens to a socket that says "something has changed", and asks by itself while there is none. It brings no data, and
 * promises nothing but that its listener hears soon after every change.
 * @module
 */

import { waitBefore } from "../lib/backoff.js";

/**
 * What the socket tells, such as {run: 41, seq: 812}; null where it is only time to look.
 * @typedef {Record<string, number | string>} Facts
 * @typedef {"connecting" | "live" | "polling" | "refused"} State refused: signed out, no right or gone; nothing comes any more
 * @typedef {{told: (facts: Facts | null) => void, state?: (name: State, code: number) => void}} Listener
 */

const POLL_MS = 5_000;
// The server sends a frame every 15 s at the latest, an empty one where there is no news.
const SILENCE_MS = 40_000;
const REFUSALS = new Set([4401, 4403, 4404]);

/**
 * @param {string} address path of the socket, such as /ws/t/demo/runs/41
 * @param {Listener} listener
 * @returns {{close: () => void}}
 */
export function listen(address, listener) {
  const line = new Line(address, listener);
  line.open();
  return { close: () => line.end() };
}

class Line {
  /**
   * @param {string} address
   * @param {Listener} listener
   */
  constructor(address, listener) {
    this.address = new URL(address, location.href);
    this.address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.listener = listener;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    /** @type {State | ""} */
    this.said = "";
    this.wasLive = false;
    this.isLive = false;
    this.timers = { again: 0, silence: 0, poll: setInterval(() => this.poll(), POLL_MS) };
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    addEventListener("online", () => this.look(), { signal });
    addEventListener("offline", () => this.drop(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.look(), { signal });
    // A page that is kept for the back button must not hold a socket, and finds a new one when it is shown again.
    addEventListener("pagehide", () => this.drop(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.look(), { signal });
  }

  open() {
    clearTimeout(this.timers.again);
    if (!this.said) this.say("connecting");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onmessage = ({ data }) => this.socket === socket && this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.socket === socket && this.lose(code);
    this.expectAFrame();
  }

  /** @param {Facts} facts none where the frame only shows that the line is alive */
  hear(facts) {
    this.expectAFrame();
    this.failures = 0;
    if (!this.isLive) {
      this.isLive = true;
      this.say("live");
      // What was told meanwhile was not heard.
      if (this.wasLive) this.listener.told(null);
      this.wasLive = true;
    }
    if (Object.keys(facts).length) this.listener.told(facts);
  }

  /** @param {number} code why the socket was closed; 1006 where nobody said */
  lose(code) {
    this.socket = null;
    this.isLive = false;
    clearTimeout(this.timers.silence);
    if (REFUSALS.has(code)) {
      this.end();
      this.say("refused", code);
      return;
    }
    this.say("polling", code);
    clearTimeout(this.timers.again);
    this.timers.again = setTimeout(() => this.open(), waitBefore(this.failures++, Math.random()));
  }

  expectAFrame() {
    clearTimeout(this.timers.silence);
    this.timers.silence = setTimeout(() => this.drop(), SILENCE_MS);
  }

  /** Give up a socket that may be dead: its own end may be minutes away. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.lose(1006);
    socket.close();
  }

  /** Somebody looks, or the network is back: ask at once, and try a socket at once. */
  look() {
    this.listener.told(null);
    if (this.socket) return;
    this.failures = 0;
    this.open();
  }

  poll() {
    if (!this.isLive && !document.hidden) this.listener.told(null);
  }

  end() {
    const socket = this.socket;
    this.socket = null;
    this.isLive = false;
    this.leaving.abort();
    clearInterval(this.timers.poll);
    clearTimeout(this.timers.again);
    clearTimeout(this.timers.silence);
    socket?.close();
  }

  /** @param {State} name @param {number} [code] */
  say(name, code = 0) {
    if (name === this.said) return;
    this.said = name;
    this.listener.state?.(name, code);
  }
}
