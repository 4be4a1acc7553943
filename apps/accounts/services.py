"""What changes people, teams and sign-in links; whether somebody may do it was decided before (access.py)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from apps.accounts.models import Labeller, Membership, Role, SignInLink, Team, User
from apps.common.errors import Refused
from apps.common.lookups import Lookup

LINK_VALID_FOR = timedelta(minutes=15)
# Nobody guesses 256 bits; the limit is for the database, which is asked for each guess.
LINK_RATE = "120/m"
TOKEN_BYTES = 32
NAME_LENGTH = 200
LABELLER = Lookup(Labeller)


def create_team(slug: str, name: str) -> Team:
    """Make a team. Raises Refused when the slug is taken."""
    if Team.objects.filter(slug=slug).exists():
        raise Refused(f"There is a team {slug!r} already. Choose another slug.", code="team-exists")
    return Team.objects.create(slug=slug, name=name)


def add_member(team: Team, user: User, role: Role) -> Membership:
    """Give the person this role in the team; a member's role is changed."""
    membership, _ = Membership.objects.update_or_create(team=team, user=user, defaults={"role": Role(role)})
    return membership


def labeller_of(team: Team, user: User) -> Labeller:
    """Return the labeller who is this person in the team, made at the first label."""
    return LABELLER.first(team=team.pk, user=user.pk) or Labeller.objects.get_or_create(team=team, user=user)[0]


def foreign_labeller(team: Team, name: str) -> Labeller:
    """Return the labeller of that foreign name, who can never sign in. Raises Refused for an empty or overlong name."""
    if not name or len(name) > NAME_LENGTH:
        raise Refused(
            f"A foreign labeller's name has 1 to {NAME_LENGTH} characters; found {len(name)}.", code="labeller-name"
        )
    return Labeller.objects.get_or_create(team=team, user=None, name=name)[0]


def make_sign_in_link(user: User, *, valid_for: timedelta = LINK_VALID_FOR, now: datetime | None = None) -> str:
    """Return a token of 256 random bits that signs this person in once. Only its SHA-256 is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    SignInLink.objects.create(user=user, token_sha256=digest_of(token), expires_at=(now or timezone.now()) + valid_for)
    return token


def consume_sign_in_link(token: str, *, now: datetime | None = None) -> User | None:
    """Use the token up and return whose it was; None when it is unknown, used, too old or of a person who is gone.

    One conditional update decides, so of two uses at the same moment exactly one succeeds.
    """
    moment = now or timezone.now()
    link = SignInLink.objects.filter(token_sha256=digest_of(token))
    if not link.filter(used_at=None, expires_at__gt=moment).update(used_at=moment):
        return None
    user = link.select_related("user").get().user
    return user if user.is_active else None


def digest_of(token: str) -> str:
    """The SHA-256 of a token, in hexadecimal; what is kept of one."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
