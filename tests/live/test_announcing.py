"""Telling makes nobody wait and fails nobody: without a broker, after a fork, and when the process ends at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from redis.client import PubSub

from apps.common.announce import Announcer

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 20
DJANGO = "import os, django; django.setup(); from apps.common.announce import tell;"
FORK = """
tell("here", {"n": 1})
child = os.fork()
if child == 0:
    tell("here", {"n": 2})
    raise SystemExit
os.waitpid(child, 0)
"""


@pytest.fixture
def heard(db: None) -> Iterator[PubSub]:
    """Hears on the broker itself what is said to the group `here`."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client, client.pubsub() as listening:
        listening.subscribe("branchwise__group__here")
        assert listening.get_message(timeout=WAIT_S)
        yield listening


def said(listening: PubSub) -> bytes:
    message = listening.get_message(timeout=WAIT_S)
    assert message, "nothing was said"
    return bytes(message["data"])


def program(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DJANGO + code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def test_a_program_that_ends_at_once_has_told(heard: PubSub, child_environment: dict[str, str]) -> None:
    ended = program('tell("here", {"n": 41})', child_environment)
    assert said(heard).endswith(b"n)")  # "n" and 41, as MessagePack writes them
    assert ended.stderr == ""


def test_a_forked_child_tells_by_a_thread_of_its_own(heard: PubSub, child_environment: dict[str, str]) -> None:
    ended = program(FORK, child_environment)
    assert {said(heard)[-1], said(heard)[-1]} == {1, 2}
    assert ended.stderr == ""


def test_without_a_broker_it_is_said_once_that_news_is_lost(child_environment: dict[str, str]) -> None:
    nowhere = {**child_environment, "BROKER_URL": "redis://127.0.0.1:1/0"}
    ended = program('[tell(f"group-{n}", {"n": n}) for n in range(1000)]; print("done")', nowhere)
    assert ended.stdout == "done\n"
    assert ended.stderr.count("News could not be sent") == 1
    assert "Traceback" not in ended.stderr


def test_while_nothing_can_be_sent_the_latest_facts_of_so_many_groups_wait(heard: PubSub) -> None:
    announcer = Announcer(groups_at_most=2)
    # Held as the thread holds it, so that all is told before it comes to send.
    with announcer._changed:
        for n in range(100):
            for group in ("here", "there", "nowhere"):
                announcer.take(group, {"n": n})
        assert sorted(announcer._waiting) == ["here", "there"]
    announcer.end()
    assert said(heard)[-1] == 99
    assert heard.get_message(timeout=0.2) is None


def test_where_no_thread_can_be_started_nobody_fails_and_the_next_news_tries_again(heard: PubSub) -> None:
    announcer = Announcer()
    usual = threading.stack_size(2**46)  # more than there is, as where a container may have no more threads
    try:
        announcer.take("here", {"n": 1})
    finally:
        threading.stack_size(usual)
    announcer.take("here", {"n": 2})
    announcer.end()
    assert said(heard)[-1] == 2
