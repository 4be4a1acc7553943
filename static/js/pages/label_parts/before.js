/**
 * The turns that were submitted or skipped in this tab, to be opened again by undo, one behind the other, also after the page was loaded
 * anew. It opens none itself.
 * @module
 */

/** @typedef {import("./page.js").Piece} Piece */

/** So many stay laid out; those before them are fetched again. */
const LAID_OUT = 5;

export class Before {
  /** @param {string} key under which the tab keeps their ids */
  constructor(key) {
    this.key = key;
    /** @type {number[]} */
    this.ids = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    /** The latest of them. @type {Piece[]} */
    this.pieces = [];
  }

  /** @param {Piece} piece that was ended */
  push(piece) {
    this.pieces.push(piece);
    for (const { sheet } of this.pieces.splice(0, this.pieces.length - LAID_OUT)) sheet.letGo();
    this.keep([...this.ids, piece.inHand.turn.id]);
  }

  /** @returns {number | undefined} the latest; undefined where there is none */
  get last() {
    return this.ids.at(-1);
  }

  /**
   * @param {number} turn that is not ended any more
   * @returns {Piece | undefined} it, where it is still laid out
   */
  drop(turn) {
    const found = this.pieces.find(({ inHand }) => inHand.turn.id === turn);
    this.pieces = this.pieces.filter((piece) => piece !== found);
    this.keep(this.ids.filter((id) => id !== turn));
    return found;
  }

  /** @param {number[]} ids */
  keep(ids) {
    this.ids = ids;
    sessionStorage.setItem(this.key, JSON.stringify(ids));
  }
}
