"""Logs grown at random, and the rule by which a reader lays what changed over what it knows.

The pages have the same rule in static/js/lib/growth.js."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.runs.logs import ENGINE, OTHER_SCORER, SCORER
from workers.search.events import (
    AnswerChosen,
    Answered,
    Event,
    Note,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRevisited,
    StepScored,
)

KINDS = ("grow", "grow", "grow", "score", "score", "score again", "prune", "answer", "visit", "note")


@dataclass(frozen=True)
class Known:
    """A tree as a reader holds it, or with `after` what changed since then."""

    seq: int
    columns: dict[str, NDArray[Any]]
    after: int = 0


def grown(tree: Known, change: Known) -> Known:
    """The tree with the change laid over it; one that is older, or that does not follow, leaves it as it is."""
    if change.seq < tree.seq or change.after > tree.seq:
        return tree
    numbers = change.columns["number"].astype(int)
    count = max([len(tree.columns["parent"]), *numbers])
    columns = {}
    for name, values in tree.columns.items():
        columns[name] = np.zeros(count, values.dtype)
        columns[name][: len(values)] = values
        columns[name][numbers - 1] = change.columns[name]
    return Known(change.seq, columns)


@st.composite
def random_log(draw: st.DrawFn) -> list[Event]:
    """The events of a whole run: steps grow anywhere, are scored, scored by another, visited, pruned and answered."""
    log: list[Event] = [RunStarted(1, 10.0, "best_of_n", 2, {"n": 2}, 7, "line-1", "game24", (ENGINE, SCORER))]
    depths, answered = [0], set()
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=40)):
        seq, number = len(log) + 1, draw(st.integers(0, len(depths) - 1))
        if kind == "grow":
            depths.append(depths[number] + 1)
            log.append(
                StepAdded(
                    seq, 11.0, len(depths) - 1, number, depths[-1], "text", "generated", ENGINE, entropy=number / 4
                )
            )
        elif kind == "note":
            log.append(Note(seq, 11.0, "kept", {"number": number}))
        elif kind == "visit":
            log.append(StepRevisited(seq, 11.0, number, 0.5, (0.5,) * (depths[number] + 1)))
        elif number == 0:
            continue
        elif kind == "prune":
            log.append(StepPruned(seq, 12.0, number, "why"))
        elif kind == "answer":
            if number not in answered:
                answered.add(number)
                log.append(
                    Answered(seq, 12.0, number, "24", "24", draw(st.sampled_from([True, False, None])), "game24", 1)
                )
        else:
            maker = OTHER_SCORER if kind == "score again" else SCORER
            log.append(StepScored(seq, 12.5, number, maker, draw(st.integers(0, 8)) / 8))
    if len(depths) > 1:
        log.append(AnswerChosen(len(log) + 1, 14.0, draw(st.integers(1, len(depths) - 1)), "best"))
    log.append(RunFinished(len(log) + 1, 14.25, "answered"))
    return log
