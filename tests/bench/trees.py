"""Times what the server answers of large trees, over HTTP as a program asks it: whole trees, branches and subtrees.

A real web server in a process of its own; each answer is timed from the first byte sent to the last one read, over a
connection that stays open. The trees are grown inside PostgreSQL.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import orjson
import psutil

from tests.bench.figures import Figure, of_median
from tests.bench.visiting import a_team, serving

STEPS, A_MILLION = 100_000, 1_000_000
TREES = 50
ROUNDS = 9
ASKED = 100
LAST_LEVEL = 1_000
PACKED = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Asker:
    """A program with a token, and one open connection."""

    connection: HTTPConnection
    token: str

    def get(self, path: str, **headers: str) -> tuple[float, bytes, HTTPMessage]:
        """Milliseconds, body and headers of an answer. Raises RuntimeError for a refusal."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}", **headers})
        response = self.connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status not in (200, 304):
            raise RuntimeError(f"{path}: expected 200 or 304, found {response.status}: {body[:300]!r}.")
        return took, body, response.headers

    def often(self, path: str, **headers: str) -> tuple[list[float], bytes]:
        """Milliseconds of several answers after one that warms up, and the last body."""
        taken = [self.get(path, **headers) for _ in range(ROUNDS + 1)][1:]
        return [took for took, _, _ in taken], taken[-1][1]


def whole() -> Iterator[Figure]:
    """A tree of 100,000 steps: sealed, its overlays and its log."""
    with _forest(1, STEPS) as (asker, [run]):
        runs = f"/api/t/bench/runs/{run}"
        first, _, _ = asker.get(f"{runs}/tree")
        plain, body = asker.often(f"{runs}/tree")
        packed, small = asker.often(f"{runs}/tree", **PACKED)
        etag = asker.get(f"{runs}/tree")[2]["ETag"]
        known, _ = asker.often(f"{runs}/tree", **{"If-None-Match": etag})
        note = (
            f"gzip {median(packed):.0f} ms, known already {median(known):.0f} ms, the first look, which seals it, "
            f"{first:.0f} ms; {_load()}"
        )
        yield of_median("tree_server_ms_100k", plain, "ms", "lower", 100, note)
        yield Figure("tree_bytes_100k", len(body), "bytes", "lower", 2_500_000, 1, f"{len(small):,} as gzip")
        key = orjson.loads(asker.get(f"{runs}/overlays")[1])["overlays"][0]["key"]
        listed, _ = asker.often(f"{runs}/overlays")
        overlay, values = asker.often(f"{runs}/overlays/{key}")
        note = f"{len(values):,} bytes; the list of overlays {median(listed):.0f} ms; {_load()}"
        yield of_median("overlay_server_ms_100k", overlay, "ms", "lower", 100, note)
        log, events = asker.often(f"{runs}/events")
        yield of_median("events_server_ms_100k", log, "ms", "lower", 400, f"{len(events):,} bytes; {_load()}")


def a_million() -> Iterator[Figure]:
    """What a tree of a million steps takes: time, and memory of the web process at its highest."""
    with _forest(1, A_MILLION) as (asker, [run]):
        asker.get("/api/t/bench/experiments")
        before = _highest_mb()
        first, _, _ = asker.get(f"/api/t/bench/runs/{run}/tree")
        after = _highest_mb()
        taken, body = asker.often(f"/api/t/bench/runs/{run}/tree", **PACKED)
        note = (
            f"{len(body):,} bytes as gzip; the first look, which seals it, {first:.0f} ms; the web process at most "
            f"{after:.0f} MB, and {before:.0f} MB before; {_load()}"
        )
        yield of_median("tree_server_ms_1m", taken, "ms", "lower", None, note)


def parts() -> Iterator[Figure]:
    """Branches and subtrees of fifty trees with 5,000,000 steps together, at random."""
    with _forest(TREES, STEPS) as (asker, runs):
        draw = random.Random(5)
        branches = [f"branch={STEPS - draw.randrange(LAST_LEVEL)}" for _ in range(ASKED)]
        yield _figure("branch_text_ms_5m", asker, draw, runs, branches)
        above = _parents(asker, runs[0])
        tops = [above[above[draw.randrange(STEPS - LAST_LEVEL, STEPS)]] for _ in range(ASKED)]
        yield _figure("subtree_text_ms_5m", asker, draw, runs, [f"subtree={top}&depth=3" for top in tops])


def _parents(asker: Asker, run: int) -> list[int]:
    """The parent of every step, step n at n."""
    from apps.trees.columns import read_columns

    _, columns = read_columns(asker.get(f"/api/t/bench/runs/{run}/tree")[1])
    return [0, *columns["parent"].tolist()]


def _figure(name: str, asker: Asker, draw: random.Random, runs: list[int], queries: list[str]) -> Figure:
    for run in runs:
        asker.get(f"/api/t/bench/runs/{run}/tree", **PACKED)
    taken, counts = [], []
    for query in queries:
        took, body, _ = asker.get(f"/api/t/bench/runs/{draw.choice(runs)}/steps?{query}")
        taken.append(took)
        counts.append(len(orjson.loads(body)["steps"]))
    at = quantiles(taken, n=100)
    note = (
        f"p95 {at[94]:.0f} ms, most {max(taken):.0f} ms; {min(counts)} to {max(counts)} steps with their texts, median "
        f"{median(counts):.0f}; {TREES * STEPS:,} steps in {TREES} trees, each sealed; {_load()}"
    )
    return Figure(name, median(taken), "ms", "lower", 50, len(taken), note)


@contextmanager
def _forest(trees: int, steps: int) -> Iterator[tuple[Asker, list[int]]]:
    """A web server with a team, trees of so many steps, and somebody who asks it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    team, _ = a_team()
    runs = _grown(team, trees, steps)
    with serving() as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        yield Asker(connection, _token(team)), runs
        connection.close()


def _grown(team: Any, trees: int, steps: int) -> list[int]:
    from tests.bench.forest import grow_forest
    from tests.factories import make_experiment, make_problem

    problem = make_problem(team)
    experiment = make_experiment(team, problem.problem_set)
    return grow_forest(experiment.pk, problem.pk, trees=trees, steps=steps)


def _token(team: Any) -> str:
    from django.db import transaction

    from apps.accounts.models import User
    from apps.accounts.tokens import make_token

    with transaction.atomic():
        return make_token(team, name="bench", scopes=["look"], days=1, by=User.objects.get(email="bench@example.org"))[
            1
        ]


def _highest_mb() -> float:
    """The most memory that a web process of ours has held so far, in MB."""
    servers = [one for one in psutil.Process().children(recursive=True) if "uvicorn" in one.cmdline()]
    each = [process for one in servers for process in (one, *one.children(recursive=True))]
    web = [Path(f"/proc/{process.pid}/status").read_text() for process in each]
    kilobytes = [int(text.split("VmHWM:")[1].split()[0]) for text in web]
    return max(kilobytes, default=0) / 1024


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
