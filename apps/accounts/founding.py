"""A team and its first owner, made together on a server that has neither; everybody after them comes by invitation."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from apps.accounts.models import Membership, Role, Team, User
from apps.accounts.services import add_member, create_team
from apps.common.errors import Refused

NAME_LENGTH = 100
SLUG_LENGTH = 50


@transaction.atomic
def found_team(slug: str, name: str, email: str, person: str) -> User:
    """Make the team, where there is none of that slug, and its owner, who has no password yet; returns the owner.

    Raises Refused for what is no slug or address, for names that are too long, for a person who is known already, and
    for a team that has an owner.
    """
    address = email.strip().lower()
    _check(slug, name, address, person)
    if User.objects.filter(email=address).exists():
        raise Refused(
            f"{address} is known already. A link for them: manage.py sign_in_link {address}.", code="known-person"
        )
    team = Team.objects.filter(slug=slug).first() or create_team(slug, name)
    if Membership.objects.filter(team=team, role=Role.OWNER, user__is_active=True).exists():
        raise Refused(
            f"The team {slug!r} has an owner, who invites people on its page of people. Choose another slug for a new "
            "team.",
            code="team-has-owner",
        )
    owner = User.objects.create_user(address, person)
    add_member(team, owner, Role.OWNER)
    return owner


def _check(slug: str, name: str, address: str, person: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise Refused(f"Expected a slug of letters, digits, - and _; found {slug[:60]!r}.", code="bad-slug") from error
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(
            f"Expected an e-mail address such as name@example.org; found {address[:80]!r}.", code="bad-address"
        ) from error
    for what, text, most in (
        ("slug", slug, SLUG_LENGTH),
        ("team's name", name, NAME_LENGTH),
        ("name", person, NAME_LENGTH),
    ):
        if len(text) > most:
            raise Refused(f"A {what} has at most {most} characters; found {len(text)}.", code="too-long")
