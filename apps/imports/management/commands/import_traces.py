"""Brings files of traces in; a file that is refused does not hold the others, and is told by the exit status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from apps.accounts.models import Team
from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.common.incoming import FileRefused
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.services import ImportReport, import_file


class Command(BranchwiseCommand):
    """Exit status: 0, 2 where some rows were rejected, 1 where a file was refused."""

    help = "Import files of traces, recognising the format of each by its content."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--format", metavar="KEY", help=f"One of {', '.join(IMPORT_FORMATS.keys())}.")
        parser.add_argument(
            "--keep",
            choices=("good", "none"),
            default="good",
            help="What is kept of a file with rejected rows: its good rows (default), or none of it.",
        )
        self.add_team_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        team = self.team(options)
        if options["format"]:
            IMPORT_FORMATS.get(options["format"])
        refused = 0
        for path in options["files"]:
            try:
                self._report(path, self._import(team, path, options))
            except FileRefused as why:
                refused += 1
                self.stderr.write(str(why))
                self._print(path, ImportReport(path.name, options["format"], 0, 0, 0, 0, (why.rejected,)))
        if refused:
            raise Refused(f"{refused} of {len(options['files'])} files were refused; the others are stored as told.")

    def _import(self, team: Team, path: Path, options: dict[str, Any]) -> ImportReport:
        return import_file(team, path, path.name, format=options["format"], keep=options["keep"])

    def _report(self, path: Path, report: ImportReport) -> None:
        if report.since is not None:
            when = report.since.strftime("%Y-%m-%d %H:%M UTC")
            self.stderr.write(f"{report.file}: this file is there already, since {when}; nothing was stored.")
        for row in report.rejected:
            field = f", field {row.field}" if row.field else ""
            self.stderr.write(f"{report.file}, line {row.line}{field}: expected {row.expected}; found {row.found}.")
        if report.rejected:
            self.partial = True
        self._print(path, report)

    def _print(self, path: Path, report: ImportReport) -> None:
        text = (
            f"{report.file} ({report.format or 'no format'}): {report.problems} problems, {report.runs} runs,"
            f" {report.steps} steps, {report.labels} labels; {len(report.rejected)} rows rejected"
        )
        # As it was given: two files of one name are told apart by their folders.
        self.row(report.as_json() | {"file": str(path)}, text)
