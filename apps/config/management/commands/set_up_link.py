"""`manage.py set_up_link`: the first team of a deployment, its owner and a one-time link by which they set their
password; it knows no password itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.urls import reverse

from apps.accounts.founding import found_team
from apps.accounts.models import Team
from apps.accounts.services import make_sign_in_link
from apps.common.command import BranchwiseCommand
from apps.config.address import pages_address
from apps.config.first_start import add_shipped_sets

LINK_VALID_FOR = timedelta(hours=24)


class Command(BranchwiseCommand):
    """Makes team and owner and prints the link; it works once, for a day. Another comes by sign_in_link."""

    help = "Make a team and its owner, and print a link by which they set their password, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="Address of the owner.")
        parser.add_argument("--team", required=True, metavar="SLUG", help="Slug of the team, as in /t/SLUG/.")
        parser.add_argument("--name", default="", help="Name of the owner. Default: none, the address is shown.")
        parser.add_argument("--team-name", default="", metavar="NAME", help="Name of the team. Default: its slug.")
        parser.add_argument(
            "--address",
            help="Where the pages are. Default: the first of CSRF_TRUSTED_ORIGINS, else this machine.",
        )
        parser.add_argument(
            "--with-problems",
            action="store_true",
            help="Add the problem sets that come with Branchwise, which its small models are made for.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["team"]
        with transaction.atomic():
            owner = found_team(slug, options["team_name"] or slug, options["email"], options["name"])
            if options["with_problems"]:
                add_shipped_sets(Team.objects.get(slug=slug))
        address = pages_address(options["address"])
        token = make_sign_in_link(owner, valid_for=LINK_VALID_FOR)
        link = f"{address}{reverse('accounts:sign_in_link', args=[token])}?next={reverse('account_set_password')}"
        hours = int(LINK_VALID_FOR.total_seconds() // 3600)
        self.row({"email": owner.email, "team": slug, "set_up_link": link, "valid_hours": hours}, link)
