"""Times how long after its commit a step stands in a frame of an open run page: 200 steps a second for a minute.

A real web server, real Chromium, and the sink in a process of its own, which commits ten steps with their scores twenty
times a second. A step is shown in the first frame after the one in which the page says that it has come to the step's
event, so the figure is late by up to one frame. Ten seconds go before the clock runs.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections.abc import Iterable
from statistics import quantiles
from typing import Any

from tests.bench.figures import Figure
from tests.bench.visiting import PATIENCE_S, a_team, serving, visitor

STEPS_A_COMMIT = 10
COMMITS_A_SECOND = 20
WARM_S, MEASURED_S = 10, 60
# (event the page has come to, milliseconds since 1970) for every frame that shows another event than the one before.
WATCH = """() => {
  window.frames = [];
  let last = "";
  const look = () => {
    const now = document.querySelector('[data-part="live"] .live-event')?.textContent ?? "";
    if (now !== last) {
      last = now;
      const event = Number(now.replace(/\\D/g, ""));
      requestAnimationFrame(() => frames.push([event, performance.timeOrigin + performance.now()]));
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def figures() -> Iterable[Figure]:
    """One minute on one page; 12,000 steps, so the figure is taken once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    with serving() as address, visitor() as page:
        run_id, sink, link = _a_run()
        page.goto(f"{address}{link}")
        page.goto(f"{address}/t/bench/runs/{run_id}/")
        page.wait_for_selector('[data-part="live"][data-standing="live"]')
        page.evaluate(WATCH)
        commits = _play(sink)
        page.wait_for_selector(f'[data-part="live"] :text("event {commits[-1][0]:,}")', timeout=PATIENCE_S * 1000)
        frames: list[tuple[int, float]] = page.evaluate(
            "() => new Promise((done) => setTimeout(() => done(frames), 500))"
        )
    lags = _lags(commits, frames)
    at = quantiles(lags, n=100)
    note = (
        f"median {at[49]:.0f} ms, p99 {at[98]:.0f} ms, most {max(lags):.0f} ms; {len(lags)} steps, "
        f"{len(frames)} frames that showed more; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    yield Figure("live_lag_ms_p95", at[94], "ms", "lower", 500, 1, note)


def _a_run() -> tuple[int, Any, str]:
    """A claimed run of a team of its own, the sink that writes it, and a link by which an owner signs in."""
    from apps.runs import leases
    from apps.runs.models import Run
    from apps.runs.sink import RunSink
    from tests.factories import make_experiment, make_problem

    team, link = a_team()
    experiment = make_experiment(team)
    Run.objects.create(team=team, experiment=experiment, problem=make_problem(team))
    [claim] = leases.claim(1, experiment.pk, lease_s=600)
    return claim.run_id, RunSink(claim.run_id, claim.attempt, claim.owner), link


def _play(sink: Any) -> list[tuple[int, float]]:
    """Commit steps at their pace; (seq, milliseconds since 1970) of every commit after the warm-up."""
    from tests.factories import JUDGE, WRITER
    from workers.search.events import RunStarted, StepAdded, StepScored

    sink.take([RunStarted(1, time.time(), "best_of_n", 1, {"n": 16}, 0, "lines-1", "exact_text", (WRITER, JUDGE))])
    seq, number, commits, began = 1, 0, [], time.monotonic()
    depths = [0]
    for turn in range(1, (WARM_S + MEASURED_S) * COMMITS_A_SECOND + 1):
        events: list[Any] = []
        for _ in range(STEPS_A_COMMIT):
            number += 1
            # Chains of eight steps, sixteen side by side, as a search grows them.
            parent = number - 16 if number > 16 and depths[number - 16] < 8 else 0
            depths.append(depths[parent] + 1)
            text = f"Step {number}. " + "so that 3 + 4 = 7, " * 16
            events.append(StepAdded(seq + 1, time.time(), number, parent, depths[-1], text, "generated", WRITER))
            events.append(StepScored(seq + 2, time.time(), number, JUDGE, (number % 97) / 97))
            seq += 2
        time.sleep(max(0.0, began + turn / COMMITS_A_SECOND - time.monotonic()))
        sink.take(events)
        sink.flush()
        if turn > WARM_S * COMMITS_A_SECOND:
            commits.append((seq, time.time() * 1000))
    return commits


def _lags(commits: list[tuple[int, float]], frames: list[tuple[int, float]]) -> list[float]:
    """Milliseconds from its commit to the first frame that shows it, for every step."""
    seqs = [seq for seq, _ in frames]
    lags = [frames[bisect_left(seqs, seq)][1] - at for seq, at in commits]
    return [lag for lag in lags for _ in range(STEPS_A_COMMIT)]
