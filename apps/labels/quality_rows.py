"""Which labels quality is asked about, and their rows as arrays, in a few statements however many there are.

Current is the newest row of a person on a step among those that are asked for: what was said in a queue stays that
queue's, whatever the person said elsewhere later. It computes no agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.accounts.models import Team
from apps.common.arrays import read_arrays
from apps.labels.agreement import VERDICTS, Array
from apps.labels.ratings import Ratings, ratings_of

# What each choice means of a label's row; the words are the page's.
SCORES = {
    "hidden": "label.scores_in_view = false",
    "in-view": "label.scores_in_view = true",
    "unknown": "label.scores_in_view IS NULL",
}
# Packed, as every column of a million rows costs a third of a second: the lowest bits of a verdict's first letter tell
# it from the others and from none, and runs, people and turns count no further than 31 bits.
_LABELS = """
    SELECT label.run_id << 32 | label.number AS place, label.id << 3 | ascii(label.verdict) & 7 AS said,
        label.labeller_id << 32 | COALESCE(label.assignment_id, 0) AS who
    FROM labels_label label WHERE label.team_id = %(team)s{asked}
"""
_RUNS = """
    SELECT run.id AS run, run.problem_id AS problem, run.experiment_id AS experiment,
        COALESCE(problem.difficulty, 'NaN') AS difficulty
    FROM runs_run run JOIN problems_problem problem ON problem.id = run.problem_id
    WHERE run.team_id = %(team)s ORDER BY run.id
"""
_IN_THE_QUEUE = """ AND label.assignment_id IN (SELECT turn.id FROM labels_assignment turn
    JOIN labels_labeltask task ON task.id = turn.task_id WHERE task.queue_id = %(queue)s)"""
_LOW = 0xFFFFFFFF
_VERDICT_OF = np.full(8, -1, np.int8)
for _place, _verdict in enumerate(VERDICTS):
    _VERDICT_OF[ord(_verdict[0]) & 7] = _place


@dataclass(frozen=True, slots=True)
class Asked:
    """Which labels: of one queue, of runs of an experiment or a strategy, of problems of a difficulty from low to high
    inclusive (of unknown difficulty none), given with scores hidden, in view or unknown. Empty and None leave all in.
    """

    queue: int | None = None
    experiment: int | None = None
    strategy: str = ""
    low: float | None = None
    high: float | None = None
    scores: str = ""


@dataclass(frozen=True, slots=True)
class CurrentLabels:
    """Current labels: columns of shape (rows,), sorted by step and person.

    place: of the step, its run's id in the upper and its number in the lower 32 bits; verdict: a place in VERDICTS;
    turn: the id of the turn it was given in, 0 for none; run: a place in the columns of `runs`.
    """

    place: Array
    person: Array
    verdict: Array
    turn: Array
    run: Array
    runs: dict[str, Array]

    def where(self, chosen: Array) -> CurrentLabels:
        """The rows that `chosen`, (rows,) booleans or places, picks."""
        return CurrentLabels(
            self.place[chosen],
            self.person[chosen],
            self.verdict[chosen],
            self.turn[chosen],
            self.run[chosen],
            self.runs,
        )

    @property
    def problem(self) -> Array:
        """(rows,): the id of the problem."""
        return self.runs["problem"][self.run]

    def ratings(self) -> Ratings:
        """The same as ratings of steps by people, in groups of problems."""
        return ratings_of(self.place, self.person, self.verdict, self.problem)


def current_labels_of(team: Team, asked: Asked) -> CurrentLabels:
    """The current labels of a team that are asked for; two queries, three where a strategy is."""
    runs = runs_of(team)
    given: dict[str, Any] = {"team": team.pk, "queue": asked.queue}
    where = f" AND {SCORES[asked.scores]}" if asked.scores else ""
    if asked.queue is not None:
        where += _IN_THE_QUEUE
    kept = _runs_asked_for(team, runs, asked)
    if not kept.all():
        where += " AND label.run_id = ANY(%(runs)s::bigint[])"
        given["runs"] = runs["run"][kept].tolist()
    return _current(read_arrays(("place", "said", "who"), _LABELS.format(asked=where), given), runs)


def runs_of(team: Team) -> dict[str, Array]:
    """The team's runs: columns run, problem, experiment and difficulty (NaN where unknown), by id; one query."""
    return read_arrays(("run", "problem", "experiment", "difficulty"), _RUNS, {"team": team.pk})


def turns_of(team: Team, queue: int | None) -> dict[str, Array]:
    """The team's turns, or those of a queue: columns turn, task, run, leaf, person, queue, and compared, 1 where it was
    submitted with its branch judged, as others' were; by id; one query."""
    names = ("turn", "task", "run", "leaf", "person", "queue", "compared")
    turns = """
        SELECT turn.id AS turn, task.id AS task, task.run_id AS run, task.number AS leaf, turn.labeller_id AS person,
            task.queue_id AS queue, (turn.state = 'submitted' AND turn.finish IN ('', 'solution', 'found_error')
                AND queue.unit <> 'step' AND queue.mode <> 'phase-one' AND task.submitted > 1)::int4 AS compared
        FROM labels_assignment turn
        JOIN labels_labeltask task ON task.id = turn.task_id
        JOIN labels_labelqueue queue ON queue.id = task.queue_id
        WHERE queue.team_id = %(team)s AND (%(queue)s::bigint IS NULL OR queue.id = %(queue)s) ORDER BY turn.id
    """
    return read_arrays(names, turns, {"team": team.pk, "queue": queue})


def settled_of(team: Team) -> tuple[Array, Array]:
    """The places of the steps that are settled, rising, and their verdicts as places in VERDICTS; one query."""
    settled = """
        SELECT DISTINCT ON (run_id, number) run_id << 32 | number AS place, ascii(verdict) & 7 AS said
        FROM labels_adjudication WHERE team_id = %(team)s ORDER BY run_id, number, id DESC
    """
    rows = read_arrays(("place", "said"), settled, {"team": team.pk})
    verdict = _VERDICT_OF[rows["said"].astype(np.int64)]
    return rows["place"][verdict >= 0].astype(np.int64), verdict[verdict >= 0]


def step_at(place: int) -> tuple[int, int]:
    """The run and the number of the step at a place."""
    return place >> 32, place & _LOW


def _runs_asked_for(team: Team, runs: dict[str, Array], asked: Asked) -> Array:
    kept = np.ones(len(runs["run"]), bool)
    if asked.experiment is not None:
        kept &= runs["experiment"] == asked.experiment
    if asked.strategy:
        alike = team.experiments.filter(strategy=asked.strategy).values_list("pk", flat=True)
        kept &= np.isin(runs["experiment"], list(alike))
    if asked.low is not None:
        kept &= runs["difficulty"] >= asked.low
    if asked.high is not None:
        kept &= runs["difficulty"] <= asked.high
    return kept


def _current(rows: dict[str, Array], runs: dict[str, Array]) -> CurrentLabels:
    """Of rows as they come the newest of each person on each step, those that take it back left out."""
    place, said, who = (rows[name].astype(np.int64) for name in ("place", "said", "who"))
    order = np.lexsort((said, who >> 32, place))
    place, said, who = place[order], said[order], who[order]
    person = who >> 32
    is_last = np.append((place[1:] != place[:-1]) | (person[1:] != person[:-1]), True)[: len(place)]
    verdict = _VERDICT_OF[said & 7]
    kept = np.flatnonzero(is_last & (verdict >= 0))
    run = np.searchsorted(runs["run"], place[kept] >> 32)
    return CurrentLabels(place[kept], person[kept], verdict[kept], who[kept] & _LOW, run, runs)
