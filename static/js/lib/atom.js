/**
 * One fact that can be watched. Nothing more: what follows from it is the watcher's business.
 * @module
 */

/**
 * @template T
 * @typedef {{name: string, get: () => T, set: (value: T) => void, watch: (watcher: (value: T) => void) => () => void}} Atom
 */

/**
 * @template T
 * @param {string} name for people who debug
 * @param {T} initial
 * @returns {Atom<T>}
 */
export function atom(name, initial) {
  let value = initial;
  /** @type {Set<(value: T) => void>} */
  const watchers = new Set();
  return {
    name,
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of [...watchers]) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
