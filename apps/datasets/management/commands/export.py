"""manage.py export: make a file of a snapshot; the work is done by the service and the format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.datasets.registry import EXPORT_FORMATS
from apps.datasets.services import export_to_path, snapshot_numbered


class Command(BranchwiseCommand):
    """Writes one export and prints its rows and its SHA-256."""

    help = "Make a file of a snapshot in an export format; the same snapshot and options always give the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_team_argument(parser)
        parser.add_argument("--snapshot", type=int, required=True, metavar="N", help="Its number within the team.")
        parser.add_argument(
            "--format", required=True, metavar="KEY", help=f"One of: {', '.join(EXPORT_FORMATS.keys())}."
        )
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="Where the file is to stand.")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="An option of the format; may be given several times.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = snapshot_numbered(self.team(options), options["snapshot"])
        out: Path = options["out"]
        export = export_to_path(snapshot, options["format"], chosen(options["option"]), out)
        self.row(
            {"format": export.format, "rows": export.rows, "sha256": export.sha256, "file": str(out)},
            f"{out}: {export.rows:,} rows, SHA-256 {export.sha256}.",
        )


def chosen(typed: Iterable[str]) -> dict[str, str]:
    """The options out of NAME=VALUE. Raises Refused for one without an equals sign or given twice."""
    found: dict[str, str] = {}
    for text in typed:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Refused(f"Expected --option NAME=VALUE; found {text!r}.", code="bad-option")
        if name in found:
            raise Refused(f"Option {name!r} was given twice. Give it once.", code="bad-option")
        found[name] = value
    return found
