"""Brings files of problems into a set; one that is refused does not hold the others, and the exit status tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.common.incoming import FileRefused
from apps.problems.formats import PROBLEM_FORMATS
from apps.problems.importing import ProblemReport, import_problems
from workers.verifiers.checkers import CHECKERS


class Command(BranchwiseCommand):
    """Exit status: 0, 2 where some rows were rejected, 1 where a file was refused."""

    help = "Import files of problems into a problem set, recognising the format of each by its content."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--set", required=True, metavar="SLUG", help="The set they go to; made if it is new.")
        parser.add_argument("--name", default="", help="Name of a new set. Default: its slug.")
        parser.add_argument("--format", metavar="KEY", help=f"One of {', '.join(PROBLEM_FORMATS.keys())}.")
        parser.add_argument(
            "--checker",
            default="",
            metavar="KEY",
            help=f"Checker of rows that name none: one of {', '.join(CHECKERS.keys())}. Default: none.",
        )
        parser.add_argument(
            "--keep",
            choices=("good", "none"),
            default="good",
            help="What is kept of a file with rejected rows: its good rows (default), or none of it.",
        )
        self.add_team_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        team = self.team(options)
        refused = 0
        for path in options["files"]:
            try:
                report = import_problems(
                    team,
                    path,
                    path.name,
                    slug=options["set"],
                    set_name=options["name"],
                    format=options["format"],
                    checker=options["checker"],
                    keep=options["keep"],
                )
            except FileRefused as why:
                refused += 1
                self.stderr.write(str(why))
                report = ProblemReport(path.name, options["format"], "", 0, 0, (why.rejected,))
            else:
                self._tell_rejected(report)
            self._print(path, report)
        if refused:
            raise Refused(f"{refused} of {len(options['files'])} files were refused; the others are stored as told.")

    def _tell_rejected(self, report: ProblemReport) -> None:
        for row in report.rejected:
            field = f", field {row.field}" if row.field else ""
            self.stderr.write(f"{report.file}, line {row.line}{field}: expected {row.expected}; found {row.found}.")
        if report.rejected:
            self.partial = True

    def _print(self, path: Path, report: ProblemReport) -> None:
        text = (
            f"{report.file} ({report.format or 'no format'}): {report.added} problems added to"
            f" {report.problem_set or 'no set'}, {report.known} there already;"
            f" {len(report.rejected)} rows rejected"
        )
        # As it was given: two files of one name are told apart by their folders.
        self.row(report.as_json() | {"file": str(path)}, text)
