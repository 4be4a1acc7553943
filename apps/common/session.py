"""How the API knows who calls: by the session of the pages; there are no tokens. Apart from api.py, which needs DRF's views."""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication as RestSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(RestSessionAuthentication):
    """The session of the pages, with its CSRF check; who is not signed in is told 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
