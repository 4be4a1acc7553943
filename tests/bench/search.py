"""Times searches: from a key to the marks in an open tree of 100,000 steps, and over a million steps of a team.

The tree is searched in real Chromium against a real web server, from the field's event to the frame after the count
has changed. The team's steps have 320 characters of words as rare as words are, with formulas and numbers between
them; they are indexed as the background does it, and asked from Python, the database warm.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

from tests.bench.figures import Figure, of_median
from tests.bench.visiting import a_team, serving, visitor

STEPS, RUNS = 100_000, 10
TEXTS, WORDS, CHARACTERS = 20_000, 4_000, 320
FORMULAS = (r"\frac{1}{%d}", "x^{%d}", r"\sqrt{%d}", "%d + 3 = 7", r"$a_%d \cdot b$")
# Parts of the texts of forest.py: in no step, in few, in some and in all.
LOOKED_FOR = ("zzzz", "c4ca42", "1679", "e4d", "9f", "so that")
ASKED = ("371", r"\frac{1}{12}", "sqrt 17", "x", "absentword", '"+ 3 = 7"')
COPY = "COPY runs_steptext (run_id, number, text) FROM STDIN"
ROUNDS = 5
OPEN_MS = 60_000
TYPED = """(words) => new Promise((done) => {
  const [field, count] = ["find-words", "find-count"].map((part) => document.querySelector(`[data-part="${part}"]`));
  const began = performance.now();
  const watcher = new MutationObserver(() => {
    watcher.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  });
  watcher.observe(count, { childList: true, characterData: true, subtree: true });
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
})"""


def in_a_tree() -> Iterable[Figure]:
    """Every word looked for ROUNDS times, the field emptied between."""
    _set_up()
    from tests.bench.forest import grow_forest
    from tests.factories import make_experiment, make_problem

    team, link = a_team()
    [run] = grow_forest(make_experiment(team).pk, make_problem(team).pk, trees=1, steps=STEPS)
    times: dict[str, list[float]] = {}
    with serving() as address, visitor() as page:
        page.goto(f"{address}{link}")
        page.goto(f"{address}/t/bench/runs/{run}/", timeout=OPEN_MS)
        page.wait_for_selector('[data-part="step"] h2, [data-part="step"] h3', timeout=OPEN_MS)
        page.wait_for_load_state("networkidle")
        page.evaluate(TYPED, "warm")
        for _ in range(ROUNDS):
            for words in LOOKED_FOR:
                page.evaluate(TYPED, "")
                times.setdefault(words, []).append(page.evaluate(TYPED, words))
    taken = [median(one) for one in times.values()]
    note = ", ".join(f"{words!r} {median(one):.0f}" for words, one in times.items())
    yield of_median("search_tree_ms_100k", taken, "ms", "lower", 300, f"{note}; {_load()}")


def in_a_team() -> Iterable[Figure]:
    """A million steps, written once; every question asked ROUNDS times after the first."""
    _set_up()
    from django.db import connection

    from apps.trees.indexing import index_a_round
    from apps.trees.team_search import find_steps_of, read_query

    team, _ = a_team()
    _store(team)
    began = time.perf_counter()
    written = index_a_round(RUNS * STEPS)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE runs_stepsearch")
        cursor.execute("SELECT pg_total_relation_size('runs_stepsearch')")
        [size] = cursor.fetchone()
    times: dict[str, list[float]] = {}
    for query in ASKED:
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            find_steps_of(team, read_query(query), most_seconds=60)
            times.setdefault(query, []).append((time.perf_counter() - began) * 1000)
    warm = {query: median(one[1:]) for query, one in times.items()}
    note = ", ".join(f"{query} {times[query][0]:.0f} then {value:.0f}" for query, value in warm.items())
    yield of_median(
        "search_team_ms_1m", list(warm.values()), "ms", "lower", None, f"first and later: {note}; {_load()}"
    )
    yield Figure("search_index_steps_per_s", written / seconds, "steps/s", "higher", None, 1, _load())
    yield Figure("search_index_bytes_a_step", size / written, "B", "lower", None, 1, "words, their index and the key")


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()


def _store(team: Any) -> None:
    from django.db import connection

    from apps.runs.models import Run
    from tests.factories import make_experiment, make_problem

    experiment, problem = make_experiment(team), make_problem(team)
    draw = random.Random(5)
    texts = list(_texts(draw))
    for _ in range(RUNS):
        run = Run.objects.create(
            team=team, experiment=experiment, problem=problem, status="finished", step_count=STEPS, seq=STEPS
        )
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for number in range(1, STEPS + 1):
                copy.write_row((run.pk, number, draw.choice(texts)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE runs_steptext")


def _texts(draw: random.Random) -> Iterator[str]:
    words = ["".join(draw.choices("etaoinshrdlucmfwypvbgk", k=draw.randint(2, 9))) for _ in range(WORDS)]
    weights = [1 / place for place in range(1, WORDS + 1)]
    for _ in range(TEXTS):
        parts = draw.choices(words, weights, k=38)
        for _ in range(6):
            parts.insert(draw.randint(0, len(parts)), draw.choice(FORMULAS) % draw.randint(1, 400))
        yield " ".join(parts)[:CHARACTERS]


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
