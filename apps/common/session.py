"""How the API knows who calls from a page: by its session. Programs come with a token (apps/accounts/tokens.py).

DRF's views import this while they are loaded, so it stands apart from api.py, which imports DRF's views.
"""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication as RestSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(RestSessionAuthentication):
    """The session of the pages, with its CSRF check; who is not signed in is told 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
