"""Who came before: a browser's session, and the person it belongs to, asked for by every request.

Both are Django's and allauth's own, read by statements that are planned once; who may do what stands in access.py.
"""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User
from apps.common.lookups import Lookup

SESSION = Lookup(Session)
PERSON = Lookup(User)


class SessionStore(DatabaseSessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = SESSION.first(session_key=self.session_key, expire_date__gt=timezone.now())
        if found is None:
            self._session_key = None
        return found


class PeopleBackend(AuthenticationBackend):
    """allauth's way of signing in by address and password."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None for one who is gone or may sign in no more."""
        person = PERSON.first(id=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
