/**
 * Asks for what came after, whenever there is news: one request at a time, the next as soon as that one is taken in.
 *
 * It loses no news: what comes while a request is under way asks once more behind it, and what fails is asked again.
 * @module
 */

const WAITS_MS = [500, 1000, 2000, 4000, 8000];
/** Of the time that goes by, what may be spent on taking in: so a page with a great tree stays one that answers. */
const SHARE = 0.3;
const LONGEST_REST_MS = 2000;

/**
 * @template T
 */
export class Deltas {
  /**
   * @param {object} parts
   * @param {() => Promise<T>} parts.ask rejects with an error that has isPassing
   * @param {(answer: T) => Promise<number> | number} parts.take answers how many ms the page was busy with it
   * @param {(error: Error, isPassing: boolean) => void} parts.failed
   * @param {(act: () => void, ms: number) => void} [parts.later]
   */
  constructor({ ask, take, failed, later = (act, ms) => void setTimeout(act, ms) }) {
    this.ask = ask;
    this.take = take;
    this.failed = failed;
    this.later = later;
    this.isWanted = false;
    this.isBusy = false;
    this.isOver = false;
    this.attempt = 0;
  }

  /** There is news, or there may be. */
  told() {
    this.isWanted = true;
    if (!this.isBusy) void this.work();
  }

  /** Ask no more. */
  end() {
    this.isOver = true;
  }

  async work() {
    if (this.isOver || !this.isWanted) return;
    this.isBusy = true;
    this.isWanted = false;
    let rest = 0;
    try {
      const busy = await this.take(await this.ask());
      this.attempt = 0;
      rest = Math.min(busy / SHARE - busy, LONGEST_REST_MS);
    } catch (error) {
      const passing = /** @type {{isPassing?: boolean}} */ (error).isPassing;
      if (passing === undefined) throw error;
      this.failed(/** @type {Error} */ (error), passing);
      if (passing) {
        this.isWanted = true;
        rest = WAITS_MS[Math.min(this.attempt++, WAITS_MS.length - 1)];
      }
    } finally {
      this.later(() => this.next(), rest);
    }
  }

  next() {
    this.isBusy = false;
    void this.work();
  }
}
