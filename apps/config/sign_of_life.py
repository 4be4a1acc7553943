"""A file that beat and a worker touch while they do what they are for, where a container's health is asked for; who
looks at it is not its business."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import signals

from apps.config import env


def show_where_asked() -> None:
    """Have beat and worker of this process touch the file that BRANCHWISE_SIGN_OF_LIFE names, if it names one.

    A worker does so every two seconds, as long as its main process hears the broker; beat whenever the broker has
    taken what it says, every five seconds. Whether a run gets on is seen by its lease. Raises ImproperlyConfigured for
    a relative path.
    """
    if "BRANCHWISE_SIGN_OF_LIFE" not in os.environ:
        return
    file = env.folder("BRANCHWISE_SIGN_OF_LIFE", default=Path())

    def touch(**told: Any) -> None:
        file.touch()

    def touch_when_sent(**told: Any) -> None:
        signals.after_task_publish.connect(touch, weak=False)

    signals.heartbeat_sent.connect(touch, weak=False)
    signals.beat_init.connect(touch_when_sent, weak=False)
