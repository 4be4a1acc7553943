"""Times how long saving one verdict takes over HTTP, and how many are saved in a second by eight people at once.

The web server is the one that `make serve` starts, on the embedded PostgreSQL, which answers after its log is on the
disk. Each client is signed in as a person of its own, comes with its session cookie and CSRF token over a connection
that stays open, as a browser's does, and sends its next verdict when the last is answered. The clients are a process of
their own and share the machine with server and database, so that a rate is one of all of them together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Any

from tests.bench.figures import Figure, spread
from tests.bench.visiting import PATIENCE_S, ROOT, serving

CLIENTS = (1, 8)
ROUNDS = 5
WARM, MEASURED = 50, 400
STEPS = 10


def figures() -> Iterable[Figure]:
    """The median of five rounds with one client and with eight, each of 400 verdicts after a warm-up of 50."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    people = _people(sum(CLIENTS))
    durable = _durable()
    with serving() as address:
        for count in CLIENTS:
            # Each person for one count alone: all rounds are over within the minute in which 3,000 labels are let in.
            others, people = people[count:], people[:count]
            rounds = [_round(address, people) for _ in range(ROUNDS)]
            people = others
            yield from _figures(count, rounds, durable)


def _figures(count: int, rounds: list[dict[str, Any]], durable: str) -> Iterable[Figure]:
    at95 = [quantiles(one["ms"], n=100)[94] for one in rounds]
    middle = median(median(one["ms"]) for one in rounds)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {durable}"
    note = f"{spread(at95, 'ms')}; median {middle:.1f} ms; {load}"
    yield Figure(f"label_save_ms_p95_{count}", median(at95), "ms", "lower", {1: 10, 8: 40}[count], ROUNDS, note)
    if count > 1:
        rates = [len(one["ms"]) / one["seconds"] for one in rounds]
        note = f"{spread(rates, 'a second')}; {load}"
        yield Figure(f"label_save_per_s_{count}", median(rates), "1/s", "higher", 250, ROUNDS, note)


def _people(count: int) -> list[dict[str, Any]]:
    """Signed-in labellers, each with an open turn at the same branch: cookie and address of their labels."""
    from apps.accounts.models import Role, User
    from apps.accounts.services import add_member, create_team, labeller_of
    from apps.labels.models import LabelQueue, LabelTask
    from apps.labels.queues import take_task
    from tests.datasets.stored_trees import store_tree

    team = create_team("bench", "Bench")
    run = store_tree(team, list(range(STEPS)))
    queue = LabelQueue.objects.create(team=team, name="Bench", wanted=count)
    LabelTask.objects.create(queue=queue, run=run, number=STEPS, position=0, wanted=count)
    people = []
    for number in range(count):
        user = User.objects.create_user(f"labeller-{number}@example.org", f"Labeller {number}")
        add_member(team, user, Role.ANNOTATOR)
        turn = take_task(queue, labeller_of(team, user))
        if turn is None:
            raise RuntimeError("The queue has a task for each of them, and gave none.")
        path = f"/api/t/bench/labelling/turns/{turn.pk}/labels"
        people.append({"path": path, "session": _session_of(user), "steps": STEPS})
    return people


def _session_of(user: Any) -> str:
    """The session key of a browser in which the person has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _durable() -> str:
    """What the database says of its log, for the note."""
    from django.db import connection

    said = []
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            said.append(f"{name} {cursor.fetchone()[0]}")
    connection.close()
    return ", ".join(said)


def _round(address: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    """What the clients' process measured: milliseconds of every answer, and seconds in all."""
    order = {"address": address, "people": people, "warm": WARM, "measured": MEASURED // len(people)}
    command = [sys.executable, "-m", "tests.bench.label_clients"]
    done = subprocess.run(
        command, input=json.dumps(order), capture_output=True, text=True, cwd=ROOT, timeout=10 * PATIENCE_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"The clients failed: {done.stderr[-2000:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured
