"""manage.py snapshot: freeze what a team has judged; the work is done by the service."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.datasets.services import take_snapshot


class Command(BranchwiseCommand):
    """Takes one snapshot and prints its number and counts."""

    help = "Freeze every judged run of a team, with its labels as they stand, under the team's next number."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_team_argument(parser)
        parser.add_argument("--name", default="", metavar="TEXT", help="What the snapshot is for; may be left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = take_snapshot(team=self.team(options), name=options["name"])
        counts = {
            "problems": snapshot.problem_count,
            "steps": snapshot.step_count,
            "labels": snapshot.label_count,
        }
        self.row(
            {"snapshot": snapshot.number, **counts},
            f"Snapshot {snapshot.number}: {counts['steps']:,} judged steps of {counts['problems']:,} problems "
            f"with {counts['labels']:,} labels.",
        )
