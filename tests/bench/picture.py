"""Times the picture of large trees in a browser: until it is there, while it is moved, when steps are folded away.

A real web server, real Chromium without a GPU, trees of 58 levels grown inside PostgreSQL. Frames are timed by the
clock from one callback to the next, since their own timestamps hide a page that stalls. Each tree is opened six times,
the first to warm up, that of a million steps twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Figure, of_median
from tests.bench.visiting import PAINTED, a_team, serving, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEVELS = 58
ROUNDS = {10_000: 6, 100_000: 6, 1_000_000: 2}
SHORT = {10_000: "10k", 100_000: "100k", 1_000_000: "1m"}
# What each should reach: first paint, frame, collapse in ms, heap in MB.
GOALS = {10_000: (500, 20, 50, None), 100_000: (1500, 33, 100, 150), 1_000_000: (5000, 60, 300, 600)}
OPEN_MS = 120_000
# The wheel about the middle, in and out again, and the arrows, as they are held down: every frame does one of each.
MOVED = """() => new Promise((done) => {
  const host = document.querySelector('[data-part="canvas"]');
  const { left, top, width, height } = host.getBoundingClientRect();
  const [times, began] = [[], performance.now()];
  let last = began;
  let turn = 0;
  const [clientX, clientY] = [left + width / 2, top + height / 2];
  const arrows = ["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"];
  const step = () => {
    const now = performance.now();
    if (turn) times.push(now - last);
    last = now;
    if (now - began > 3000) return done(times);
    const deltaY = turn % 40 < 20 ? -12 : 12;
    host.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, cancelable: true }));
    host.dispatchEvent(new KeyboardEvent("keydown", { key: arrows[turn % 4], bubbles: true, cancelable: true }));
    turn++;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
# From the key that folds the first step's descendants away, or back, to the frame after the one that painted it.
FOLDED = """() => new Promise((done) => {
  const times = [];
  const fold = () => {
    const began = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true, cancelable: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => {
      times.push(performance.now() - began);
      if (times.length < 8) setTimeout(fold, 100);
      else done(times.slice(1));
    }));
  };
  fold();
})"""


def figures() -> Iterable[Figure]:
    """All figures of the three sizes."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    team, link = a_team()
    runs = _trees(team)
    with serving() as address, visitor() as page:
        page.goto(f"{address}{link}")
        for steps, run_id in runs.items():
            yield from _of_tree(page, f"{address}/t/bench/runs/{run_id}/", steps)


def _trees(team: Any) -> dict[int, int]:
    """A finished run for each size, its id by its steps; of each 31st step an answer, a third of them right."""
    from django.db import connection

    from tests.bench.forest import grow_forest
    from tests.factories import make_experiment

    experiment = make_experiment(team)
    problem = experiment.problem_set.problems.get()
    runs = {}
    for steps in ROUNDS:
        [runs[steps]] = grow_forest(experiment.pk, problem.pk, trees=1, steps=steps, width=steps // LEVELS // 5 * 5 + 5)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO runs_answer (run_id, number, text, correct, checker, version) "
                "SELECT run_id, number, '1', number %% 93 = 0, 'exact_text', 1 FROM runs_step "
                "WHERE run_id = %s AND number %% 31 = 0",
                [runs[steps]],
            )
    return runs


def _of_tree(page: Page, address: str, steps: int) -> Iterable[Figure]:
    size = SHORT[steps]
    paint_goal, frame_goal, collapse_goal, heap_goal = GOALS[steps]
    painted, frames, folded, heaps = [], [], [], []
    for turn in range(ROUNDS[steps]):
        page.goto(address, timeout=OPEN_MS, wait_until="commit")
        at = float(page.evaluate(PAINTED))
        page.wait_for_selector(".branch [role=option]", timeout=OPEN_MS)
        page.wait_for_load_state("networkidle")
        times: list[float] = page.evaluate(MOVED)
        fold: list[float] = page.evaluate(FOLDED)
        if turn:
            painted.append(at)
            frames.append(quantiles(times, n=20)[18])
            folded.append(median(fold))
            heaps.append(_heap_mb(page))
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    yield of_median(f"tree_first_paint_ms_{size}", painted, "ms", "lower", paint_goal, load)
    yield of_median(f"tree_frame_p95_ms_{size}", frames, "ms", "lower", frame_goal, load)
    yield of_median(f"tree_collapse_ms_{size}", folded, "ms", "lower", collapse_goal, f"7 times a visit; {load}")
    if heap_goal:
        yield of_median(f"tree_heap_mb_{size}", heaps, "MB", "lower", heap_goal, "arrays outside the heap counted too")


def _heap_mb(page: Page) -> float:
    """What the page's scripts hold once garbage is collected, with the memory of their typed arrays."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    usage = devtools.send("Runtime.getHeapUsage")
    devtools.detach()
    return float(usage["usedSize"] + usage["backingStorageSize"]) / 1e6
