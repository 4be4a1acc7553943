"""How a run stands, in one word with its glyph; it reads a run's own columns and asks the database nothing."""

from __future__ import annotations

from dataclasses import dataclass

from apps.runs.models import Run
from apps.runs.states import RunStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """kind: right, wrong, unknown, or the status while there is no outcome; words: what a table says."""

    kind: str
    words: str


UNFINISHED = {
    RunStatus.WAITING: Outcome("waiting", "waiting"),
    RunStatus.RUNNING: Outcome("running", "running"),
    RunStatus.FAILED: Outcome("failed", "failed"),
    RunStatus.CANCELLED: Outcome("cancelled", "cancelled"),
}
WITHOUT_ANSWER = {"no-answer": "no answer", "out-of-budget": "out of budget"}


def outcome_of(run: Run) -> Outcome:
    """The outcome of a run: whether the chosen answer is right, and whether a right one was there and lost."""
    unfinished = UNFINISHED.get(RunStatus(run.status))
    if unfinished is not None:
        return unfinished
    if run.correct is True:
        return Outcome("right", "✓ right")
    if run.correct is False:
        return Outcome("wrong", "✕ right one lost" if run.right_count else "✕ wrong")
    if run.outcome in WITHOUT_ANSWER and not run.answer_count:
        return Outcome("unknown", f"– {WITHOUT_ANSWER[run.outcome]}")
    if run.right_count:
        return Outcome("right", f"✓ {run.right_count} right of {run.answer_count}")
    return Outcome("unknown", "– unknown")
