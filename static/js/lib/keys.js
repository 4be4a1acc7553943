/**
 * Which key somebody means: what they press, led back to the key as it is shipped. The list of keys comes with the page
 * (apps/accounts/keys.py); what a key does is not known here.
 * @module
 */

export class Keys {
  /**
   * @param {string | undefined} setting {"off": boolean, "keys": {pressed: shipped}} as JSON; a key that was given up
   * for another stands there with an empty text
   */
  constructor(setting) {
    /** @type {{off: boolean, keys: Record<string, string>}} */
    const { off, keys } = setting ? JSON.parse(setting) : { off: false, keys: {} };
    this.off = off;
    this.shipped = new Map(Object.entries(keys));
  }

  /** Whether anything is other than shipped. */
  get isChanged() {
    return this.off || [...this.shipped].some(([, meant]) => this.shipped.get(meant) !== meant);
  }

  /**
   * The shipped key that is meant; null where single keys are off, or where this one was given up for another.
   * @param {string} pressed as KeyboardEvent.key gives it
   * @returns {string | null}
   */
  meant(pressed) {
    if (this.off) return null;
    return (this.shipped.get(pressed) ?? pressed) || null;
  }

  /**
   * What is pressed for a shipped key, to be shown beside what it does; empty where nothing is. A key that stays as
   * shipped, and anything that is no key of the list, is itself.
   * @param {string} shipped
   * @returns {string}
   */
  shown(shipped) {
    if (!this.shipped.has(shipped)) return shipped;
    if (this.off) return "";
    if (this.shipped.get(shipped) === shipped) return shipped;
    return [...this.shipped].find(([, meant]) => meant === shipped)?.[0] ?? "";
  }

  /**
   * Those of a page's keys that the list does not have, so that nobody could change them.
   * @param {string[]} keys
   * @returns {string[]}
   */
  unlisted(keys) {
    const listed = new Set([...this.shipped.keys(), ...this.shipped.values()]);
    return keys.filter((key) => !listed.has(key));
  }
}

/**
 * Whether a key pressed with this event is one alone: Ctrl, Alt and Meta belong to the browser, but AltGr only reaches
 * characters such as brackets.
 * @param {{ctrlKey: boolean, altKey: boolean, metaKey: boolean, getModifierState(name: string): boolean}} event
 */
export function isSingle(event) {
  if (event.metaKey) return false;
  return !(event.ctrlKey || event.altKey) || event.getModifierState("AltGraph");
}
