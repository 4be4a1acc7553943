/**
 * How a page stands to something that goes on, in the same glyphs and words on every page. It decides nothing.
 * @module
 */

/** @typedef {"live" | "connecting" | "reconnecting" | "polling" | "offline"} Standing */

/** @type {Readonly<Record<Standing, {glyph: string, words: string}>>} */
export const STANDINGS = Object.freeze({
  live: { glyph: "●", words: "live" },
  connecting: { glyph: "◌", words: "connecting" },
  reconnecting: { glyph: "◌", words: "reconnecting" },
  polling: { glyph: "◔", words: "looks every 5 s" },
  offline: { glyph: "◌", words: "offline" },
});
