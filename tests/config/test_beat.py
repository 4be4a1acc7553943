"""What beat sends is what workers know, and is worth nothing once the next message is due."""

from __future__ import annotations

from django.conf import settings

from apps.config.celery import app
from workers import tasks


def test_every_message_of_the_beat_is_a_task_of_the_workers() -> None:
    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent == {tasks.search_work.name, tasks.trees_ended.name}
    assert sent <= set(app.tasks)


def test_a_message_that_nobody_took_expires_with_the_next_one() -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["expires"] <= entry["schedule"]
