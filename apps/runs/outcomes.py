"""How a run stands, in one word with its glyph, for a row in hand and as a condition for the database; it counts and
orders nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from apps.runs.models import Run
from apps.runs.states import RunStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """key: a word for addresses, one of OUTCOMES; kind: right, wrong, unknown, or the status while there is no outcome;
    words: what a table says."""

    key: str
    kind: str
    words: str


WITHOUT_ANSWER = {"no-answer": "no answer", "out-of-budget": "out of budget"}
UNFINISHED: dict[str, Outcome] = {
    status.value: Outcome(status.value, status.value, status.value)
    for status in RunStatus
    if status != RunStatus.FINISHED
}

_FINISHED = Q(status=RunStatus.FINISHED)
_UNTOLD = _FINISHED & Q(correct__isnull=True)
_SILENT = Q(outcome__in=tuple(WITHOUT_ANSWER), answer_count=0)

OUTCOMES: dict[str, tuple[str, Q]] = {
    "right": ("✓ right", _FINISHED & Q(correct=True)),
    "some-right": ("✓ some right", _UNTOLD & ~_SILENT & Q(right_count__gt=0)),
    "lost": ("✕ right one lost", _FINISHED & Q(correct=False, right_count__gt=0)),
    "wrong": ("✕ wrong", _FINISHED & Q(correct=False, right_count=0)),
    "no-answer": ("– no answer", _UNTOLD & Q(outcome="no-answer", answer_count=0)),
    "out-of-budget": ("– out of budget", _UNTOLD & Q(outcome="out-of-budget", answer_count=0)),
    "unknown": ("– unknown", _UNTOLD & ~_SILENT & Q(right_count=0)),
    "failed": ("failed", Q(status=RunStatus.FAILED)),
    "running": ("running", Q(status=RunStatus.RUNNING)),
    "waiting": ("waiting", Q(status=RunStatus.WAITING)),
    "cancelled": ("cancelled", Q(status=RunStatus.CANCELLED)),
}
"""Every outcome a run can have, in the order in which tables sort them: its words and which rows have it. Each run has
exactly one; `outcome_of` gives the same for a row."""


def outcome_of(run: Run) -> Outcome:
    """The outcome of a run: whether the chosen answer is right, and whether a right one was there and lost."""
    unfinished = UNFINISHED.get(run.status)
    if unfinished is not None:
        return unfinished
    if run.correct is True:
        return _of("right", "right")
    if run.correct is False:
        return _of("lost" if run.right_count else "wrong", "wrong")
    if run.outcome in WITHOUT_ANSWER and not run.answer_count:
        return _of(run.outcome, "unknown")
    if run.right_count:
        return Outcome("some-right", "right", f"✓ {run.right_count} right of {run.answer_count}")
    return _of("unknown", "unknown")


def _of(key: str, kind: str) -> Outcome:
    words, _ = OUTCOMES[key]
    return Outcome(key, kind, words)
