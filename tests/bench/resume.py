"""Times how long killed runs stand still: from kill -9 to the next step that is written to one of them.

A real worker with the shipped small models, started as `make worker` starts it, beat beside it. In turn its child alone
is killed, and the whole command with everything below it, which is started again at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.bench.figures import Figure, of_median, spread

if TYPE_CHECKING:
    from apps.runs.models import Experiment, Run

ROOT = Path(__file__).resolve().parents[2]
KILLS_OF_EACH_KIND = 3
PATIENCE_S = 180.0
POLL_S = 0.02


def figures() -> Iterable[Figure]:
    """Three kills of the child, three of all, each in the middle of runs of its own."""
    with _services():
        child = [_stand_still_s(_kill_child) for _ in range(KILLS_OF_EACH_KIND)]
        everything = [_stand_still_s(_kill_everything) for _ in range(KILLS_OF_EACH_KIND)]
    note = f"child {spread(child, 's')}, all {spread(everything, 's')}; leases 15 s, hints every 5 s, load {_load()}"
    yield of_median("resume_s", child + everything, "s", "lower", 25, note)


@contextmanager
def _services() -> Iterator[None]:
    """Embedded servers and Django in this process, as a command of manage.py has them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    yield


def _stand_still_s(kill: Callable[[psutil.Process], psutil.Process]) -> float:
    from apps.runs.models import Step
    from apps.runs.services import cancel_experiment

    experiment = _launched()
    worker = _started()
    try:
        _wait(lambda: Step.objects.filter(run__experiment=experiment).exists(), "a step is written")
        killed_at = time.monotonic()
        worker = kill(worker)
        held = {run.pk: run for run in experiment.runs.filter(status="running")}
        _wait(lambda: _grown(experiment, held), "a step is written to a run that was held")
        seconds = time.monotonic() - killed_at
    finally:
        worker.terminate()
        worker.wait(timeout=PATIENCE_S)
    if experiment.runs.filter(status="waiting").exists():
        cancel_experiment(experiment)
    return seconds


def _launched() -> Experiment:
    """As many runs as a worker holds at once, so that all of them are killed."""
    from apps.accounts.models import Team
    from apps.problems.filters import ProblemFilter
    from apps.problems.models import ProblemSet
    from apps.runs.launching import launch_experiment
    from workers.play import SLOTS

    team = Team.objects.get(slug="demo")
    return launch_experiment(
        team=team,
        problem_set=ProblemSet.objects.get(team=team, slug="puzzle-heldout"),
        strategy="beam",
        parameters={"n": 64},
        engine="tiny-policy",
        scorer="tiny-prm",
        problem_filter=ProblemFilter(first=SLOTS),
    )


def _grown(experiment: Experiment, held: Mapping[int, Run]) -> bool:
    """Whether another owner has written a step; what the dead one had sent may still arrive a moment later."""
    now = experiment.runs.filter(id__in=held).values_list("id", "attempt", "step_count")
    return any(attempt > held[run].attempt and steps > held[run].step_count for run, attempt, steps in now)


def _started() -> psutil.Process:
    """`manage.py up beat worker`, its output put aside."""
    command = [sys.executable, "manage.py", "up", "beat", "worker"]
    started = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sys.stderr
    )
    return psutil.Process(started.pid)


def _python_below(command: psutil.Process) -> list[psutil.Process]:
    servers = ("postgres", "valkey-server")
    return [one for one in command.children(recursive=True) if one.name() not in servers]


def _kill_child(command: psutil.Process) -> psutil.Process:
    """The process that holds the models: the one at the end of the longest line of parents."""
    child = max(_python_below(command), key=lambda one: len(one.parents()))
    child.kill()
    return command


def _kill_everything(command: psutil.Process) -> psutil.Process:
    for one in [*_python_below(command), command]:
        one.send_signal(signal.SIGKILL)
    command.wait()
    return _started()


def _wait(is_so: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"Waited in vain for {PATIENCE_S:.0f} s until {what}.")
        time.sleep(POLL_S)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
