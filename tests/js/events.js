/** Makes the events of a run for the tests of lib, and the tree that grew by them. */

import { extended, noEvents } from "../../static/js/lib/event_columns.js";
import { TERMINAL } from "../../static/js/lib/tree.js";
import { treeFrom } from "./trees.js";

const KINDS = ["run-started", "step-added", "step-scored", "step-repeated", "step-pruned", "answered", "answer-chosen", "step-revisited", "budget-spent", "note"];
export const SCORER = { kind: "scorer", key: "prm", version: "1", revision: "" };
const OTHER = { kind: "scorer", key: "judge", version: "", revision: "" };
const MAKERS = [SCORER, OTHER];

export const born = (number, parent, { ends = false, generated = 1 } = {}) => ({ kind: "step-added", number, parent, ends, generated });
export const scored = (number, value, maker = SCORER) => ({ kind: "step-scored", number, value, maker: MAKERS.indexOf(maker) });
export const pruned = (number) => ({ kind: "step-pruned", number });
export const chosen = (number) => ({ kind: "answer-chosen", number });
export const answered = (number) => ({ kind: "answered", number });
export const repeated = (number, generated = 1) => ({ kind: "step-repeated", number, generated });
export const visited = (number) => ({ kind: "step-revisited", number });
export const spent = () => ({ kind: "budget-spent" });
export const noted = () => ({ kind: "note" });
export { OTHER };

/** Moves of a strategy, each a list of events, behind run-started; event seq happens seq − 1 seconds after the first. */
export function played(...moves) {
  const events = [{ kind: "run-started", move: 0 }];
  moves.forEach((move, at) => events.push(...move.map((event) => ({ ...event, move: at + 1 }))));
  return events;
}

/** The same of nobody knows which moves. */
export function imported(...events) {
  return [{ kind: "run-started", move: 0 }, ...events.map((event) => ({ ...event, move: 0 }))];
}

export function documentOf(list, after = 0) {
  let tokens = 0;
  const sums = list.map(({ generated = 0 }) => (tokens += generated));
  const rows = list.slice(after);
  const columns = new Map([
    ["kind", Uint8Array.from(rows, ({ kind }) => KINDS.indexOf(kind))],
    ["number", Uint32Array.from(rows, ({ number = 0 }) => number)],
    ["move", Uint32Array.from(rows, ({ move }) => move)],
    ["tokens", Uint32Array.from(rows, (_, at) => sums[after + at])],
    ["value", Float32Array.from(rows, ({ value = NaN }) => value)],
    ["maker", Uint8Array.from(rows, ({ maker = 255 }) => maker)],
    ["at", Float64Array.from(rows, (_, at) => after + at)],
  ]);
  return { header: { count: rows.length, kinds: KINDS, makers: MAKERS }, columns };
}

export function eventsOf(list) {
  const { header, columns } = documentOf(list);
  return extended(noEvents(), 0, header, columns);
}

/** The tree as it is after all of them. */
export function treeAfter(list) {
  const steps = list.flatMap((event, at) => (event.kind === "step-added" ? [{ ...event, seq: at + 1 }] : []));
  const prunedAt = new Map(list.flatMap((event, at) => (event.kind === "step-pruned" ? [[event.number, at + 1]] : [])));
  return treeFrom(
    steps.map(({ parent }) => parent),
    {
      born: steps.map(({ seq }) => seq),
      pruned: steps.map(({ number }) => prunedAt.get(number) ?? 0),
      flags: steps.map(({ ends }) => (ends ? TERMINAL : 0)),
    },
  );
}
