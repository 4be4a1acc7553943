"""Runs and steps as things that can be written about: what discussions asks of them, and what their page asks of those.

It stores nothing: comments are rows of apps.discussions.
"""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.accounts.socket_gate import team_socket
from apps.common.live_socket import Standing
from apps.discussions.selectors import count_of, counts_below, last_change
from apps.discussions.targets import Target, register
from apps.runs.models import Run, Step
from apps.trees.asked import run_of, take_only


def register_targets() -> None:
    """Let runs (key "41") and steps ("41:37") be written about."""
    register(Target("run", run_exists, run_address, lambda key: f"Run {key}", comments_group, run_of_key))
    register(Target("step", step_exists, step_address, step_title, comments_group, run_of_key))


def run_exists(team: Team, key: str) -> bool:
    """Whether the key names a run of the team."""
    return key.isdigit() and Run.objects.filter(team=team, pk=int(key)).exists()


def step_exists(team: Team, key: str) -> bool:
    """Whether the key names a step of a run of the team."""
    run, _, number = key.partition(":")
    if not (run.isdigit() and number.isdigit()) or len(number) > 9:
        return False
    return Step.objects.filter(run__team=team, run=int(run), number=int(number)).exists()


def run_address(team: Team, key: str) -> str:
    """The page of the run."""
    return reverse("trees:run", kwargs={"team": team.slug, "run": int(key)})


def step_address(team: Team, key: str) -> str:
    """The page of the step's run with the step selected."""
    run, _, number = key.partition(":")
    return reverse("trees:step", kwargs={"team": team.slug, "run": int(run), "number": int(number)})


def step_title(key: str) -> str:
    """What a link to the step says."""
    run, _, number = key.partition(":")
    return f"Step {number} of run {run}"


def run_of_key(key: str) -> int:
    """The run that the key names, or of whose steps it names one."""
    return int(key.partition(":")[0])


def comments_group(key: str) -> str:
    """The group that hears of comments about a run or its steps. One of its own: a run's news are numbers of events, of
    which the latest counts, and its page stops listening to them when the run has ended; comments go on."""
    return f"comments-run-{key.partition(':')[0]}"


@team_api("look")
def run_comments(request: Request, team: Team, *, run: int) -> Response:
    """How many comments there are about the run and about each of its steps that has some, by step number."""
    take_only(request)
    run_of(team, run)
    steps = counts_below(team, "step", f"{run}:")
    counts = {key.partition(":")[2]: count for key, count in steps.items()}
    return Response({"run": count_of(team, "run", str(run)), "counts": counts})


@team_socket("look")
def comments_socket(team: Team, *, run: int) -> Standing | None:
    """Tells {"kind", "key"} whenever a comment about the run or one of its steps was written or changed."""
    if not Run.objects.filter(team=team, pk=run).exists():
        return None
    changed = last_change(team, [("run", str(run))], below=("step", f"{run}:"))
    return Standing(comments_group(str(run)), {"kind": "run", "key": str(run)}, (changed,))
