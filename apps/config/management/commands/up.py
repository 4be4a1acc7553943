"""`manage.py up`: embedded services, web, beat and worker until Ctrl-C; it loads no data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.config.address import choose_port, remember, wait_for
from apps.config.command_lines import DEFAULT_PORT, KINDS
from apps.config.processes import Processes

WEB_TIMEOUT_S = 120.0


class Command(BranchwiseCommand):
    """Runs the processes; the services and migrations were seen to before any command ran."""

    help = "Run the web server, beat and one worker, with the embedded services, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "processes", nargs="*", metavar="PROCESS", help=f"Some of: {', '.join(KINDS)}. Default: all."
        )
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"Default: {DEFAULT_PORT}.")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = [name for name in options["processes"] if name not in KINDS]
        if unknown:
            raise Refused(f"Unknown process {unknown[0]!r}. Known: {', '.join(KINDS)}.", code="unknown-process")
        self.run_processes(options["processes"] or list(KINDS), options["port"])

    def run_processes(self, kinds: list[str], wanted_port: int) -> None:
        """Run until Ctrl-C; Refused names the process that ended by itself, and with it all of them."""
        port = choose_port(wanted_port, self.stderr.write)
        address = remember(settings.BRANCHWISE.data_dir, port) if "web" in kinds else ""
        processes = Processes(kinds, port=port, clone=settings.BRANCHWISE.clone, data_dir=settings.BRANCHWISE.data_dir)
        ended = processes.run(lambda: self.after_start(address))
        if ended is not None:
            raise Refused(f"Stopped, because {ended} ended by itself. Its last lines stand above.", code="ended")

    def after_start(self, address: str) -> None:
        """Say where the pages are, once they answer."""
        if address and wait_for(address, timeout_s=WEB_TIMEOUT_S):
            self.row({"address": address}, f"Branchwise answers at {address}")
