"""How the API knows who calls from a page: by its session. Programs come with a token (apps/accounts/tokens.py).

DRF's views import this while they are loaded, so it stands apart from api.py, which imports DRF's views.
"""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication as RestSessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request


class SessionAuthentication(RestSessionAuthentication):
    """The session of the pages, with its CSRF check; who is not signed in is told 401 and not 403.

    A token that does not fit is told by the code `csrf`, as on pages: somebody has signed in anew in this browser, and
    a page that keeps what it has to send asks who it was.
    """

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(str(error.detail), code="csrf") from error
