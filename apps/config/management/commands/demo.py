"""`manage.py demo`: what `up` runs with the demo's files, queue and experiment; a second start loads nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from apps.accounts.models import Team, User
from apps.accounts.services import make_sign_in_link
from apps.common.errors import Refused
from apps.config.address import wait_for
from apps.config.command_lines import DEFAULT_PORT, KINDS
from apps.config.demo_queue import build_demo_queue
from apps.config.first_start import DEMO_OWNER, DEMO_TEAM
from apps.config.management.commands.up import WEB_TIMEOUT_S
from apps.config.management.commands.up import Command as UpCommand
from apps.imports.services import import_file
from apps.problems.filters import ProblemFilter
from apps.problems.models import ProblemSet
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment

LINK_VALID_FOR = timedelta(hours=12)
EXPERIMENT_NAME = "First light"


class Command(UpCommand):
    """Loads what is not loaded yet while the web server starts, then prints the address and a one-time link."""

    help = "Run everything with the demo's data and print the address and a one-time sign-in link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"Default: {DEFAULT_PORT}.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_processes(list(KINDS), options["port"])

    def after_start(self, address: str) -> None:
        """Load, launch and print the link; what goes wrong ends the command."""
        team, owner = Team.objects.get(slug=DEMO_TEAM), User.objects.get(email=DEMO_OWNER)
        for path in sorted((settings.BRANCHWISE.fixtures_dir / "demo").glob("*.json*")):
            import_file(team, path, path.name, by=owner)
        build_demo_queue(team, owner)
        if not wait_for(address, timeout_s=WEB_TIMEOUT_S):
            raise Refused(f"The web server did not answer at {address} within {WEB_TIMEOUT_S:.0f} s.", code="no-answer")
        # After the pages answer: the worker's models would compete with the web server for the first seconds.
        _launch_once(team, owner)
        link = f"{address}/sign-in/{make_sign_in_link(owner, valid_for=LINK_VALID_FOR)}/"
        self.row(
            {"address": address, "sign_in_link": link},
            f"\nBranchwise answers at {address}\nSign in once with {link}\nCtrl-C stops everything.\n",
        )


def _launch_once(team: Team, owner: User) -> None:
    if Experiment.objects.filter(team=team, name=EXPERIMENT_NAME).exists():
        return
    launch_experiment(
        team=team,
        problem_set=ProblemSet.objects.get(team=team, slug="puzzle-heldout"),
        strategy="best_of_n",
        parameters={"n": 16},
        engine="tiny-policy",
        scorer="tiny-prm",
        problem_filter=ProblemFilter(first=48),
        created_by=owner,
        name=EXPERIMENT_NAME,
    )
