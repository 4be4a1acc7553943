"""The gate before every socket of a team, as gate.py is before its pages; it changes nothing, not even a session.

Asked when a socket opens and again while it is open, always from the tables.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.db import DatabaseError
from django.utils.crypto import constant_time_compare

from apps.accounts.access import Verb, allows, membership_of
from apps.accounts.gate import RUNS_NAMED
from apps.accounts.hiding import hidden_runs
from apps.accounts.models import Team, User
from apps.accounts.news import member_group
from apps.common.live_socket import AWAY, NO_RIGHT, NOBODY, UNKNOWN, Admitted, LiveSocket, Receive, Send, Standing

logger = logging.getLogger(__name__)
Socket = Callable[..., Any]  # an ASGI application; typed for Django's `path`, which knows views only


def team_socket(verb: Verb) -> Callable[[Callable[..., Standing | None]], Socket]:
    """Make a socket below /ws/t/<team>/ of a function that is called as standing(team, **kwargs) with the Team itself
    and answers where the thing stands, or None where the team has no such thing.

    The socket is closed with 4401 where nobody is signed in, 4404 for strangers and things unknown, 4403 without the
    right or once it is gone, and for a run that the person is still to judge."""

    def decorate(standing: Callable[..., Standing | None]) -> Socket:
        async def gated(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
            kwargs = dict(scope["url_route"]["kwargs"])
            slug, session_key = kwargs.pop("team"), scope["cookies"].get(settings.SESSION_COOKIE_NAME)

            def look() -> Admitted | int:
                try:
                    return _admitted(session_key, slug, verb, kwargs, lambda team: standing(team, **kwargs))
                except DatabaseError as error:
                    logger.warning("A socket is closed, because the database did not answer: %s", error)
                    return AWAY

            # In the one thread that all sockets share, so that a thousand of them hold one connection.
            await LiveSocket(receive, send, database_sync_to_async(look)).serve()

        gated.verb = verb  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return gated

    return decorate


def _admitted(
    session_key: str | None,
    slug: str,
    verb: Verb,
    named: Mapping[str, Any],
    standing: Callable[[Team], Standing | None],
) -> Admitted | int:
    user = user_of_session(session_key)
    if user is None:
        return NOBODY
    membership = membership_of(user, slug)
    if membership is None:
        return UNKNOWN
    if not allows(membership, verb):
        return NO_RIGHT
    hidden = hidden_runs(user, membership.team, membership.role)
    if any(hidden.why(named[name]) for name in RUNS_NAMED if name in named):
        return NO_RIGHT
    found = standing(membership.team)
    return UNKNOWN if found is None else Admitted(user.pk, member_group(user.pk), found)


def user_of_session(session_key: str | None) -> User | None:
    """Who is signed in by a session; None where it has ended, or the account or its password has changed since.

    Django's own get_user ends and renews sessions on the way, and a socket cannot hand a browser its new cookie."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(session[BACKEND_SESSION_KEY]).get_user(User._meta.pk.to_python(session[SESSION_KEY]))
    if not isinstance(user, User):
        return None
    given = session.get(HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return user if any(constant_time_compare(given, known) for known in hashes) else None
