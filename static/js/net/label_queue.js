/**
 * Sends verdicts one after the other in the order given, again and again until they are stored; drops none while the page is open.
 *
 * What the server refuses for good is set aside with its sentence, so that it does not hold those behind it.
 * @module
 */

/**
 * @typedef {{number: number, verdict: string, client_uuid: string, scores_in_view: boolean, seconds: number | null, reason: string}} Given
 * @typedef {{waiting: number, refused: number, message: string}} QueueState
 */

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

export class LabelQueue {
  /**
   * @param {object} parts
   * @param {(given: Given) => Promise<any>} parts.send rejects with an error that has isPassing and message
   * @param {(given: Given, answer: any) => void} parts.stored
   * @param {(given: Given, message: string) => void} parts.failed
   * @param {(state: QueueState) => void} parts.changed
   * @param {(run: () => void, ms: number) => void} [parts.later]
   */
  constructor({ send, stored, failed, changed, later = (run, ms) => void setTimeout(run, ms) }) {
    this.send = send;
    this.stored = stored;
    this.failed = failed;
    this.changed = changed;
    this.later = later;
    /** @type {Given[]} */
    this.waiting = [];
    /** @type {Given[]} */
    this.refused = [];
    this.message = "";
    this.attempt = 0;
    this.isSending = false;
  }

  /** @param {Given} given */
  add(given) {
    this.waiting.push(given);
    this.tell();
    void this.work();
  }

  /** Tries everything again, what was refused first, since it is older. */
  retry() {
    this.waiting.unshift(...this.refused.splice(0));
    this.attempt = 0;
    this.tell();
    void this.work();
  }

  get isUnsaved() {
    return this.waiting.length + this.refused.length > 0;
  }

  async work() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.waiting.length && (await this.sendOne(this.waiting[0])));
    } finally {
      this.isSending = false;
    }
  }

  /**
   * @param {Given} given
   * @returns {Promise<boolean>} whether to go on with the next
   */
  async sendOne(given) {
    try {
      const answer = await this.send(given);
      this.waiting.shift();
      this.attempt = 0;
      this.message = "";
      // A newer verdict on the step stands now; sending the older one later would put it on top.
      this.refused = this.refused.filter((older) => older.number !== given.number);
      this.stored(given, answer);
    } catch (error) {
      const { isPassing, message } = /** @type {{isPassing?: boolean, message: string}} */ (error);
      if (isPassing === undefined) throw error;
      this.message = message;
      this.failed(given, message);
      if (isPassing) {
        this.later(() => void this.work(), WAITS_MS[Math.min(this.attempt++, WAITS_MS.length - 1)]);
        this.tell();
        return false;
      }
      this.waiting.shift();
      this.refused.push(given);
    }
    this.tell();
    return true;
  }

  tell() {
    this.changed({ waiting: this.waiting.length, refused: this.refused.length, message: this.message });
  }
}
