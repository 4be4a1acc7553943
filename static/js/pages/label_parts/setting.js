/**
 * Sets the texts of rows, formulas included, when they come near the window, and those of a sheet that is not shown yet in idle
 * moments. It never sets one twice.
 * @module
 */

/** So far above and below the window texts are set beforehand. */
const NEAR = "600px 0px";
/** Work is put off as soon as a slice took so long. */
const SLICE_MS = 8;

export class Setting {
  constructor() {
    /** @type {Map<Element, () => void>} */
    this.waiting = new Map();
    this.observer = new IntersectionObserver((seen) => this.come(seen), { rootMargin: NEAR });
    /** @type {Element[]} */
    this.soon = [];
    this.isIdling = false;
  }

  /** @param {Element} place @param {() => void} set */
  later(place, set) {
    this.waiting.set(place, set);
    this.observer.observe(place);
  }

  /** Sets these in idle moments, wherever they are. @param {Element[]} places */
  idly(places) {
    this.soon.push(...places);
    if (this.isIdling || !this.soon.length) return;
    this.isIdling = true;
    const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 30));
    idle(() => this.slice());
  }

  slice() {
    this.isIdling = false;
    const until = performance.now() + SLICE_MS;
    while (this.soon.length && performance.now() < until) this.now(/** @type {Element} */ (this.soon.shift()));
    this.idly([]);
  }

  /** @param {Element} place */
  now(place) {
    const set = this.waiting.get(place);
    if (!set) return;
    this.waiting.delete(place);
    this.observer.unobserve(place);
    set();
  }

  /** @param {Element} place that is not to be set any more */
  forget(place) {
    this.waiting.delete(place);
    this.observer.unobserve(place);
  }

  /** @param {IntersectionObserverEntry[]} seen */
  come(seen) {
    const near = seen.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    // The first ones at once, so that nobody sees them change; a long jump brings more than a frame can hold.
    const until = performance.now() + 2 * SLICE_MS;
    while (near.length && performance.now() < until) this.now(/** @type {Element} */ (near.shift()));
    this.idly(near);
  }
}
