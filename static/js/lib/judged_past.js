/**
 * What stood before each change of a turn, as undo needs it, out of the rows that were stored. It says nothing itself and makes no
 * rows.
 * @module
 */

/** @typedef {import("./judging.js").Saying} Saying */
/** @typedef {import("./judging.js").OwnStep} OwnStep */
/** @typedef {import("./judging.js").Step} Step */
/** @typedef {import("./judging.js").Turn} Turn */
/**
 * @typedef {{about: number | string, before: Saying | OwnStep | import("./rows_to_judge.js").Ending, at: number}} Changed what stood: on a
 *   step (its number; minus a label: on its critique), where one's own is written (its place), or how the turn was to end; at: when it was
 *   changed, in ms, or from HERE on, on this page
 */
/** @typedef {{about: number | string, after: Saying | OwnStep, at: number, turn?: number | null | undefined}} StoredRow turn: left out for the one in hand */

/** Later than any time of a row, so that what is said on a page needs no clock in common with the server. */
export const HERE = 1e15;

/** @type {Saying} */
export const NOTHING = { verdict: "", client_uuid: "", reason: "", flagged: false, critique: "", chosen: null, seconds: null };

/** @param {Turn} turn @returns {Step[]} every step it shows, alternatives and levels included, each once */
export function stepsOf(turn) {
  /** @type {Map<number, Step>} */
  const found = new Map();
  const add = (/** @type {Step} */ step) => {
    if (!found.has(step.number)) found.set(step.number, step);
    for (const other of step.alternatives ?? []) add(other);
  };
  for (const step of [...turn.steps, ...(turn.levels ?? []).flatMap((level) => level.steps)]) add(step);
  return [...found.values()];
}

/** @param {{parent: number, instead_of: number | null}} own @returns {string} where it is written; one step stands there at most */
export function placeOf({ parent, instead_of }) {
  return `${parent}/${instead_of ?? ""}`;
}

/**
 * What a row says, without what else is told of it, such as when it was stored: what is said next begins with this, and is refused
 * with anything more.
 * @param {Partial<Saying> & {client_uuid: string}} row
 * @returns {Saying}
 */
export function sayingOf({ verdict, client_uuid, reason, flagged, critique, chosen, seconds }) {
  const given = Object.entries({ verdict, client_uuid, reason, flagged, critique, chosen, seconds }).filter(([, value]) => value !== undefined);
  return { ...NOTHING, ...Object.fromEntries(given) };
}

/** @param {Saying | OwnStep} one @param {Saying | OwnStep} other */
function isSame(one, other) {
  if ("text" in one || "text" in other) return "text" in one && "text" in other && one.text === other.text;
  return one.verdict === other.verdict && one.flagged === other.flagged && one.critique === other.critique && one.chosen === other.chosen;
}

/**
 * A row that says again what stood before the one it follows took it back: what lies before both is undone next.
 * @param {Changed[][]} past
 * @param {Changed} changed
 * @param {Saying | OwnStep} after
 */
export function stack(past, changed, after) {
  let at = past.length - 1;
  while (at >= 0 && !past[at].some(({ about }) => about === changed.about)) at--;
  if (at >= 0 && past[at].length === 1 && isSame(/** @type {Saying | OwnStep} */ (past[at][0].before), after)) past.splice(at, 1);
  else past.push([changed]);
}

/** @param {Turn} turn @returns {StoredRow[]} all that was stored of its steps, of each in its order */
export function rowsOf(turn) {
  const timeOf = (/** @type {{at?: string}} */ { at }) => Date.parse(at ?? "") || 0;
  const labels = stepsOf(turn).flatMap(({ number, chain }) => (chain ?? []).map((row) => ({ about: number, after: sayingOf(row), at: timeOf(row), turn: row.turn })));
  const written = (turn.own_chain ?? []).map((own) => ({ about: placeOf(own), after: own, at: timeOf(own), turn: own.turn }));
  return [...labels, ...written];
}

/** What was said in other turns is undone there. @param {StoredRow[]} stored @param {number} turn @returns {Changed[][]} */
export function pastOf(stored, turn) {
  // Within a step rows come in their order, which a stable sort keeps where two were stored at one time.
  const rows = [...stored].sort((one, other) => one.at - other.at);
  /** @type {Changed[][]} */
  const past = [];
  /** @type {Map<number | string, Saying | OwnStep>} */
  const said = new Map();
  for (const { about, after, at, turn: givenIn } of rows) {
    const none = typeof about === "number" ? NOTHING : { ...after, text: "", client_uuid: "" };
    if (givenIn === undefined || givenIn === turn) stack(past, { about, before: said.get(about) ?? none, at }, after);
    said.set(about, after);
  }
  return past;
}

/** Puts what is learned late at its time between what is known. @param {Changed[][]} past @param {Changed[][]} more */
export function putInto(past, more) {
  for (const changes of more) {
    const later = past.findIndex(([{ at }]) => at > changes[0].at);
    past.splice(later < 0 ? past.length : later, 0, changes);
  }
}
