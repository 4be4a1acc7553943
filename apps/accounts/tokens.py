"""API tokens: made, withdrawn, and read off a request; what a token may do is decided by the gate.

DRF's views import this while they are loaded, so it imports none of them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast, get_args

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.access import Verb, may
from apps.accounts.models import ApiToken, Team, User
from apps.accounts.services import TOKEN_BYTES, digest_of
from apps.common.errors import Refused

# People, tokens and deletion are decided on pages only, by a person, so no token can come with these rights.
SCOPES: tuple[Verb, ...] = tuple(verb for verb in get_args(Verb) if verb not in ("people", "tokens", "delete"))
NAME_LENGTH = 100
DAYS_AT_MOST = 365
DAYS = 90
USE_NOTED_EVERY = timedelta(minutes=1)

BEARER = re.compile(r"[Bb]earer +(bw_[0-9a-f]{8}_[\w-]{43})", flags=re.ASCII)
# One sentence for everything that is wrong with a token, so that nothing can be learned from it.
NOT_VALID = (
    "The Authorization header holds no valid API token. Expected 'Bearer bw_…' with a token that is neither withdrawn "
    "nor expired; an owner of the team makes one on its page of API tokens."
)


def tokens_of(team: Team) -> QuerySet[ApiToken]:
    """The team's tokens with who made them, the newest first, ended ones too."""
    return ApiToken.objects.filter(team=team).select_related("user").order_by("-id")


@transaction.atomic
def make_token(
    team: Team, *, name: str, scopes: Sequence[str], days: int, by: User, now: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token by which a program acts in the team as `by`; returns the row and the token, which is not kept.

    scopes: verbs of SCOPES, at least one; days: until it expires, 1 to 365. Raises Refused, by field, for others and
    for an empty or overlong name; PermissionDenied for a right that `by` does not have.
    """
    moment = now or timezone.now()
    _check(name.strip(), scopes, days)
    # Whoever is being removed from the team at this moment must not make one that comes back to life with them.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    for verb in scopes:
        if not may(by, cast(Verb, verb), team):
            raise PermissionDenied(f"Your role in {team} does not come with {verb!r}, so no token of yours can.")
    prefix = secrets.token_hex(4)
    token = f"bw_{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"
    row = ApiToken.objects.create(
        team=team,
        user=by,
        name=name.strip(),
        prefix=prefix,
        secret_sha256=digest_of(token),
        scopes=[verb for verb in SCOPES if verb in scopes],
        expires_at=moment + timedelta(days=days),
    )
    return row, token


def token_of(team: Team, token: int) -> ApiToken:
    """The team's token of that id. Raises Http404 for an id that is none of the team's."""
    found = tokens_of(team).filter(pk=token).first()
    if found is None:
        raise Http404
    return found


def withdraw_token(team: Team, token: int) -> ApiToken:
    """Have the token end at once; one that was withdrawn stays so. Raises Http404 for an id that is none of the
    team's."""
    found = token_of(team, token)
    ApiToken.objects.filter(pk=found.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    return found


def read_token(header: str, *, now: datetime | None = None) -> ApiToken | None:
    """The token an Authorization header holds, with its user and team, its use noted; None for every other header.

    Who made it has to be active; whether they still belong to the team is asked by the gate, as of everybody.
    """
    moment = now or timezone.now()
    given = BEARER.fullmatch(header)
    if given is None:
        return None
    digest = digest_of(given[1])
    found = ApiToken.objects.select_related("user", "team").filter(secret_sha256=digest).first()
    # The index was searched for a digest, which nobody can steer towards a stored one; the comparison in constant time
    # keeps it so should the row ever be found in another way.
    if found is None or not secrets.compare_digest(found.secret_sha256, digest):
        return None
    if found.withdrawn_at is not None or found.expires_at <= moment or not found.user.is_active:
        return None
    if found.last_used_at is None or found.last_used_at <= moment - USE_NOTED_EVERY:
        _note_use(found, moment)
    return found


class TokenAuthentication(BaseAuthentication):
    """Knows a caller by the token in the Authorization header; with such a header, no session is looked at.

    It comes before the session's, so that a request with both a session and a bad token is refused.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        token = read_token(header)
        if token is None:
            raise AuthenticationFailed(NOT_VALID)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="branchwise"'


def _note_use(token: ApiToken, moment: datetime) -> None:
    """Write when the token was last used, at most once a minute however many requests come together."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=moment - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=moment)


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= len(name) <= NAME_LENGTH:
        wrong["name"] = f"Expected a name of 1 to {NAME_LENGTH} characters; found {len(name)}."
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        wrong["scopes"] = f"Unknown right {unknown[0][:40]!r}. Known: {', '.join(SCOPES)}."
    elif not scopes:
        wrong["scopes"] = f"Expected at least one right of {', '.join(SCOPES)}; found none."
    if not 1 <= days <= DAYS_AT_MOST:
        wrong["days"] = f"Expected 1 to {DAYS_AT_MOST} days; found {days}."
    if wrong:
        raise Refused(" ".join(wrong.values()), code="bad-token", fields=wrong)
