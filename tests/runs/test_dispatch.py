"""The hint that runs wait: a message without content, and no loss where the broker is away."""

from __future__ import annotations

import json
import socket

import pytest
import redis
from celery import Celery
from django.conf import settings

from apps.config.embedded import Services
from apps.runs import dispatch


def test_the_hint_carries_nothing_but_its_name(services: Services) -> None:
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.delete("celery")
        dispatch.hint()
        [message] = [json.loads(raw) for raw in broker.lrange("celery", 0, -1)]
        broker.delete("celery")
    assert message["headers"]["task"] == "search.work"
    assert message["headers"]["argsrepr"] == "()"
    assert message["headers"]["kwargsrepr"] == "{}"


def test_a_broker_that_is_away_is_logged_and_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"
    away = Celery("away", broker=address, set_as_current=False)
    monkeypatch.setattr(dispatch, "current_app", away)
    dispatch.hint()
    assert "could not be told that runs wait" in caplog.text
