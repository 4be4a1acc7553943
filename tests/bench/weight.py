"""Weighs what the page of a run loads before its tree: the document, styles, scripts and fonts; it times nothing.

A fresh visitor with nothing kept from before. Each answer is weighed as gzip at level 9, which is how the files are
stored for production, or as it is where that is smaller; the answers of the API are the tree itself and are left out.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.bench.figures import Figure
from tests.bench.visiting import PAINTED, a_team, serving, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

# What is asked for once the tree is painted is not before it, however soon it comes.
BEFORE = """() => {
  const painted = performance.getEntriesByName("tree painted")[0].startTime;
  const asked = performance.getEntriesByType("resource");
  return asked.filter(({ startTime }) => startTime < painted).map(({ name }) => name);
}"""
STEPS = 1_000
GOAL_KB = 150
OPEN_MS = 60_000


def figures() -> Iterable[Figure]:
    """The weight of one visit; it is the same at every visit, so the figure is taken once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    team, link = a_team()
    run_id = _a_run(team)
    with serving() as address, visitor() as page:
        page.goto(f"{address}{link}")
        weights = _weights(page, f"{address}/t/bench/runs/{run_id}/")
    parts = ", ".join(f"{kind} {weight / 1000:.1f}" for kind, weight in weights.most_common())
    yield Figure("page_weight_kb", weights.total() / 1000, "kB", "lower", GOAL_KB, 1, f"{parts}; gzip, before the tree")


def _a_run(team: Any) -> int:
    from tests.bench.forest import grow_forest
    from tests.factories import make_experiment

    experiment = make_experiment(team)
    problem = experiment.problem_set.problems.get()
    [run_id] = grow_forest(experiment.pk, problem.pk, trees=1, steps=STEPS, width=50)
    return run_id


def _weights(page: Page, address: str) -> Counter[str]:
    """Bytes by kind of what a first visit to `address` loads until its tree is painted, the API's answers left out."""
    # What the page of the signing in left in the cache must not stand in for a load, nor what it still asks for.
    page.wait_for_load_state("networkidle")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.clearBrowserCache")
    loaded: list[Response] = []
    page.on("response", lambda answer: loaded.append(answer))  # Playwright marks the function it is given
    page.goto(address, timeout=OPEN_MS, wait_until="commit")
    page.evaluate(PAINTED)
    before = {address, *page.evaluate(BEFORE)}
    weights: Counter[str] = Counter()
    for answer in list(loaded):
        if answer.ok and answer.url in before and not urlsplit(answer.url).path.startswith("/api/"):
            body = answer.body()
            weights[answer.request.resource_type] += min(len(body), len(gzip.compress(body, 9)))
    return weights
