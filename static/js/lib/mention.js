/**
 * The name that is being written behind an @, and what becomes of the text when one is chosen. It knows no member.
 * @module
 */

const LONGEST = 40;
// A name is letters, digits and what stands inside names; at most three words, or every sentence behind an @ were one.
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}.'’_@-]*(?: [\p{L}\p{N}\p{M}.'’_@-]*){0,2}$/u;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {{from: number, typed: string} | null} from: where the @ stands; typed: what follows up to the caret
 */
export function mentionAt(text, caret) {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from - 1 > LONGEST) return null;
  if (from > 0 && /[\p{L}\p{N}_]/u.test(text[from - 1])) {
    // An @ inside an address belongs to the name that began before it.
    const before = text.lastIndexOf("@", from - 1);
    return before < 0 ? null : mentionFrom(text, before, caret);
  }
  return mentionFrom(text, from, caret);
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} caret
 */
function mentionFrom(text, from, caret) {
  const typed = text.slice(from + 1, caret);
  if (from > 0 && /[\p{L}\p{N}_]/u.test(text[from - 1])) return null;
  return typed === "" || (typed.length <= LONGEST && NAME.test(typed)) ? { from, typed } : null;
}

/**
 * @param {string} text
 * @param {number} from where the @ stands
 * @param {number} caret
 * @param {string} name
 * @returns {{text: string, caret: number}} with a space behind the name, so that one writes on
 */
export function withMention(text, from, caret, name) {
  const before = `${text.slice(0, from)}@${name} `;
  const after = text.slice(caret);
  return { text: before + (after.startsWith(" ") ? after.slice(1) : after), caret: before.length };
}
