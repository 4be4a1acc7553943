"""`manage.py sign_in_link`: a one-time link for somebody who is known already; it makes no users."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.own_account import forget_password, switch_second_factor_off
from apps.accounts.services import LINK_VALID_FOR, make_sign_in_link
from apps.common.command import BranchwiseCommand
from apps.common.errors import Refused
from apps.config.address import pages_address
from apps.config.first_start import DEMO_OWNER


class Command(BranchwiseCommand):
    """Prints the link; it works once, for a quarter of an hour."""

    help = "Print a link that signs one person in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default=DEMO_OWNER, help=f"Default: {DEMO_OWNER}.")
        parser.add_argument(
            "--address",
            help="Where the pages are. Default: the first of CSRF_TRUSTED_ORIGINS, else this machine.",
        )
        parser.add_argument(
            "--new-password",
            action="store_true",
            help="Take the person's password away, for who has forgotten it; the link leads to setting a new one.",
        )
        parser.add_argument(
            "--second-factor-off",
            action="store_true",
            help="Switch the person's second factor off, for who has neither app nor recovery codes any more.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            known = ", ".join(User.objects.filter(is_active=True).order_by("pk").values_list("email", flat=True)[:20])
            raise Refused(
                f"Nobody has the address {options['email']!r}. Known: {known or 'none'}.", code="unknown-user"
            )
        if options["second_factor_off"]:
            switch_second_factor_off(user)
        if options["new_password"]:
            forget_password(user)
        address = pages_address(options["address"])
        tail = f"?next={reverse('account_set_password')}" if options["new_password"] else ""
        link = f"{address}/sign-in/{make_sign_in_link(user)}/{tail}"
        minutes = int(LINK_VALID_FOR.total_seconds() // 60)
        self.row({"email": user.email, "sign_in_link": link, "valid_minutes": minutes}, link)
