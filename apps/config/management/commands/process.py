"""`manage.py process KIND`: becomes the web server, beat or a worker, as a container runs one; it watches nothing."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections

from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.config import env
from apps.config.command_lines import DEFAULT_PORT, ENVIRONMENT, HOST, KINDS, command_lines
from apps.config.data_folder import CLONE

SETTINGS_OF_ONE_MACHINE = "apps.config.settings.development"


class Command(BranchwiseCommand):
    """Replaces this process by the one that was asked for, so that signals reach it; the checks were passed by then."""

    help = "Become the web server, beat or one worker, against services that are there already. For containers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=f"One of: {', '.join(KINDS)}.")
        parser.add_argument("--host", default=HOST, help=f"Where the web listens. Default: {HOST}.")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"Default: {DEFAULT_PORT}.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind not in KINDS:
            raise Refused(f"Unknown process {kind!r}. Known: {', '.join(KINDS)}.", code="unknown-process")
        given = env.is_given("DATABASE_URL") and env.is_given("BROKER_URL")
        if os.environ["DJANGO_SETTINGS_MODULE"] == SETTINGS_OF_ONE_MACHINE and not given:
            # What takes this command's place would not let go of the servers that are held for it.
            raise Refused(
                f"process needs DATABASE_URL and BROKER_URL; with the embedded servers run manage.py up {kind}.",
                code="embedded-services",
            )
        lines = command_lines(host=options["host"], port=options["port"], data_dir=settings.BRANCHWISE.data_dir)
        connections.close_all()
        os.chdir(CLONE)
        os.execve(lines[kind][0], lines[kind], {**os.environ, **ENVIRONMENT[kind]})  # noqa: S606  # no shell is wanted
