"""Queues of labelling work as other modules know them: built, steered, given out; it says nothing of verdicts."""

from __future__ import annotations

from apps.labels.queue_building import build_queue
from apps.labels.queue_progress import Progress, left_for, progress_of
from apps.labels.queue_standing import Standing, standing_of, why_nothing_came
from apps.labels.queue_steering import change_queue_state
from apps.labels.taking import take_task

__all__ = [
    "Progress", "Standing", "build_queue", "change_queue_state", "left_for", "progress_of", "standing_of", "take_task",
    "why_nothing_came",
]  # fmt: skip
