"""Times the labelling page in a browser: from its address until a task of many steps stands there, and from the key
that submits one task until the next stands there.

A real web server, real Chromium without a GPU, every step with formulas. A task is open when the formulas of its first
row stand in a frame; of going on the page says when it is done, in the task behind the frame that was handed to the
screen. What is first of each kind warms up and is not counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Figure, of_median
from tests.bench.visiting import a_team, serving, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPENED = {200: 300, 1_000: 600}
NEXT_GOAL_MS = 100
ROUNDS = 7
TASKS, STEPS = 24, 10
OPEN_MS = 60_000
# A judged task is laid out ahead while somebody reads the present one; people take longer than this for ten steps.
READ_MS = 700
SET = """() => new Promise((done) => {
  const look = () => {
    const isSet = document.querySelector(".label-row .katex") && performance.getEntriesByName("label-open").length;
    requestAnimationFrame(isSet ? () => done(performance.now()) : look);
  };
  look();
})"""
MEASURED = """(name) => new Promise((done) => {
  const look = () => {
    const found = performance.getEntriesByName(name).at(-1);
    if (found) done(found.duration);
    else setTimeout(look, 10);
  };
  look();
})"""


def figures() -> Iterable[Figure]:
    """Opening tasks of two sizes, and going on from task to task."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    team, link = a_team()
    large = {steps: _queue(team, f"{steps} steps", 1, steps) for steps in OPENED}
    many = _queue(team, "many", TASKS, STEPS)
    with serving() as address, visitor() as page:
        page.goto(f"{address}{link}")
        load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        for steps, goal in OPENED.items():
            times = [_opened(page, f"{address}{_path(large[steps])}") for _ in range(ROUNDS)]
            yield of_median(f"label_open_ms_{steps}", times[1:], "ms", "lower", goal, load)
        times = _gone_on(page, f"{address}{_path(many)}")
        yield of_median("label_next_ms", times[1:], "ms", "lower", NEXT_GOAL_MS, f"{STEPS} steps a task; {load}")


def _queue(team: Any, name: str, tasks: int, steps: int) -> int:
    """The id of a queue of solutions, each a branch of a run of its own."""
    from apps.labels.models import LabelQueue, LabelTask
    from tests.factories import make_run_with_tree

    queue = LabelQueue.objects.create(team=team, name=name)
    texts = [
        rf"Step {number}: we know $x_{{{number}}}^2 + {number}x = \frac{{{number}}}{{2}}$, so it follows by adding "
        rf"${number}$ to both sides that $$\sum_{{i=1}}^{{{number}}} i = \frac{{{number}({number}+1)}}{{2}}.$$"
        for number in range(1, steps + 1)
    ]
    for position in range(tasks):
        run = make_run_with_tree(team, [texts])
        LabelTask.objects.create(queue=queue, run=run, number=steps, position=position)
    return queue.pk


def _path(queue: int) -> str:
    return f"/t/bench/labelling/queues/{queue}/label/"


def _opened(page: Page, address: str) -> float:
    page.goto(address, timeout=OPEN_MS, wait_until="commit")
    return float(page.evaluate(SET))


def _gone_on(page: Page, address: str) -> list[float]:
    """Every task but the last judged by keyboard; ms from Enter to the next."""
    _opened(page, address)
    times = []
    for _ in range(TASKS - 2):
        page.wait_for_timeout(READ_MS)
        for _ in range(STEPS):
            page.keyboard.press("3")
        page.evaluate("performance.clearMeasures('label-next')")
        page.keyboard.press("Enter")
        times.append(float(page.evaluate(MEASURED, "label-next")))
    return times
