"""Brings labels that were made elsewhere in, from a file with one a line; it finds no runs and makes no steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.common.incoming import opened
from apps.labels.bulk_labels import refusal_of, rejected_as_json, store_labels
from apps.labels.bulk_lines import label_lines


class Command(BranchwiseCommand):
    """Exit status: 0, 2 where some lines were rejected and the others stored, 1 where nothing was."""

    help = "Import labels from lines of JSON; each names its labeller, who can never sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--partly", action="store_true", help="Store the good lines where others are rejected.")
        self.add_team_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path, team, partly = options["file"], self.team(options), options["partly"]
        with opened(path, path.name) as stream:
            done = store_labels(team, label_lines(stream), own=None, partly=partly)
        for one in done.rejected:
            field = f", field {one.field}" if one.field else ""
            self.stderr.write(f"{path.name}, line {one.line}{field}: expected {one.expected}; found {one.found}.")
        if done.rejected and not partly:
            raise refusal_of(done)
        self.partial = bool(done.rejected)
        told = {"file": str(path), "stored": done.stored, "known": done.known}
        text = (
            f"{path.name}: {done.stored:,} labels stored, {done.known:,} there already, {len(done.rejected):,} rejected"
        )
        self.row(told | {"rejected": rejected_as_json(done.rejected)}, text)
