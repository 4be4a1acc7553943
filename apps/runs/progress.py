"""How far an experiment is and when it will be done, from the figures and ends of its runs; it promises nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.runs.models import Experiment, Run
from apps.runs.selectors import RunFigures
from apps.runs.states import ExperimentState, RunStatus

BAR = 1000
PACE_RUNS = 20
FEWEST_ENDS = 5
PLAYED = (RunStatus.FINISHED, RunStatus.FAILED)
STATES = ("finished", "failed", "cancelled", "running", "waiting")


@dataclass(frozen=True, slots=True)
class Segment:
    """The runs in one state: how many, and where they stand in a bar of BAR units."""

    state: str
    count: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Progress:
    """ended: runs that will not change; seconds: from the first claim until now, or until the last end; seconds_left:
    about, None where nobody can tell; steps_a_second, computed_a_token: over the whole experiment."""

    segments: tuple[Segment, ...]
    ended: int
    seconds: float | None
    seconds_left: float | None
    steps_a_second: float | None
    computed_a_token: float | None


def progress_of(experiment: Experiment, figures: RunFigures, now: datetime) -> Progress:
    """The progress of an experiment as of `now`, with one query for its last ends while it is played."""
    seconds = _seconds(figures, now)
    played = experiment.state == ExperimentState.ACTIVE and not figures.is_over
    return Progress(
        segments=segments_of(figures),
        ended=figures.runs - figures.left,
        seconds=seconds,
        seconds_left=seconds_left(last_ends(experiment), figures.left, now) if played else None,
        steps_a_second=figures.steps / seconds if seconds else None,
        computed_a_token=figures.tokens_computed / figures.tokens if figures.tokens else None,
    )


def segments_of(figures: RunFigures) -> tuple[Segment, ...]:
    """The states that some run is in, side by side without gaps; whatever is there is at least one unit wide."""
    counts = [(state, getattr(figures, state)) for state in STATES if getattr(figures, state)]
    ends, start, segments = 0, 0, []
    for place, (state, count) in enumerate(counts):
        ends += count
        room = BAR - (len(counts) - place - 1)
        end = min(room, max(start + 1, round(BAR * ends / figures.runs)))
        segments.append(Segment(state, count, start, end - start))
        start = end
    return tuple(segments)


def last_ends(experiment: Experiment) -> list[datetime]:
    """When the last PACE_RUNS runs that were played to their end ended, the latest first; none from before a pause,
    which would count as time that runs take."""
    ended = Run.objects.filter(experiment=experiment, status__in=PLAYED, ended_at__isnull=False)
    if experiment.resumed_at is not None:
        ended = ended.filter(ended_at__gt=experiment.resumed_at)
    return [at for at in ended.order_by("-ended_at").values_list("ended_at", flat=True)[:PACE_RUNS] if at]


def seconds_left(ends: Sequence[datetime], left: int, now: datetime) -> float | None:
    """How long `left` runs take at the pace of the last ends (latest first), a standstill since then counted in; None
    for fewer than FEWEST_ENDS ends, and for ends that lie at one moment."""
    if len(ends) < FEWEST_ENDS:
        return None
    span = (now - ends[-1]).total_seconds()
    return left * span / (len(ends) - 1) if span > 0 else None


def _seconds(figures: RunFigures, now: datetime) -> float | None:
    until = figures.ended_at if figures.is_over else now
    if figures.started_at is None or until is None:
        return None
    return max(0.0, (until - figures.started_at).total_seconds())
