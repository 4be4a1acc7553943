"""BranchwiseCommand: what our own commands share on the command line; what a command does is its own business."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.common.errors import Refused
from workers.search.errors import SearchError

if TYPE_CHECKING:
    from apps.accounts.models import Team

DEFAULT_TEAM = "demo"
PARTIAL_STATUS = 2


class BranchwiseCommand(BaseCommand):
    """A command with --json and --team, one sentence for a refusal, and exit status 0, 1 or 2.

    With --json stdout holds the lines of row() and nothing else; progress belongs on stderr. Status 2 says that some
    rows were rejected (`partial`); 1 that nothing was done, mistyped options included.
    """

    partial = False
    as_json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", help="Print one JSON object a line and nothing else.")
        return parser

    def add_team_argument(self, parser: CommandParser) -> None:
        """Add --team, by default the demo's."""
        parser.add_argument("--team", default=DEFAULT_TEAM, metavar="SLUG", help=f"Default: {DEFAULT_TEAM}.")

    def team(self, options: dict[str, Any]) -> Team:
        """Return the team that was asked for. Raises Refused with the known slugs for another one."""
        teams: Any = apps.get_model("accounts", "Team")._default_manager
        found: Team | None = teams.filter(slug=options["team"]).first()
        if found is None:
            known = ", ".join(teams.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
            raise Refused(f"Unknown team {options['team']!r}. Known: {known}.", code="unknown-team")
        return found

    def row(self, data: dict[str, Any], text: str) -> None:
        """Print one result: data as a JSON line with --json, else text."""
        self.stdout.write(json.dumps(data, ensure_ascii=False) if self.as_json else text)
        self.stdout.flush()

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.as_json = bool(options.get("json"))
        for name, given in options.items():
            _check_is_text(name, given)
        try:
            return super().execute(*args, **options)
        except (Refused, SearchError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except SystemExit as end:
            # argparse ends with 2 for a mistyped option, and 2 means rejected rows here.
            raise SystemExit(1 if end.code == PARTIAL_STATUS else end.code) from None
        if self.partial:
            sys.exit(PARTIAL_STATUS)


def _check_is_text(name: str, given: object) -> None:
    """Raises CommandError for a text that is not UTF-8: Python keeps its bytes as half surrogate pairs, and no database
    and no address takes those."""
    for text in given if isinstance(given, list) else [given]:
        try:
            _ = isinstance(text, str) and text.encode()
        except UnicodeEncodeError as error:
            raise CommandError(
                f"{name}: expected UTF-8; found {text!r}, where character {error.start + 1} is not."
            ) from error
