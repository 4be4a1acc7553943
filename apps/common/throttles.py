"""How often somebody may ask: counts in the cache, a window at a time; it refuses nobody when the cache is away.

What is counted here protects the server from a program that runs wild. It is no lock: rights stand in the gate, and
what must happen once is decided by the database.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.common.counting_cache import CountingCache
from apps.common.refusals import answer

View = Callable[..., HttpResponseBase]

WINDOWS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
# A person who labels by keyboard reaches three verdicts a second; a page that sends what it kept while it was offline
# reaches 40. Reads are what a page with a live tree asks for, several of them open at once.
API_RATES = {"read": "6000/m", "label": "3000/m", "comment": "60/m", "launch": "120/m", "write": "600/m"}
AWAY_S = 5.0

_log = logging.getLogger(__name__)
_away_until = 0.0


def parsed_rate(rate: str) -> tuple[int, int]:
    """Return how many and in how many seconds of a rate such as "30/m". Raises ValueError for another spelling."""
    count, slash, window = rate.partition("/")
    if not (slash and count.isascii() and count.isdigit() and int(count) and window in WINDOWS_S):
        raise ValueError(f"A rate is written as a number of 1 or more, a slash and s, m, h or d; found {rate!r}.")
    return int(count), WINDOWS_S[window]


def seconds_to_wait(what: str, who: str, rate: str, *, now: float) -> int:
    """Count one more of `what` for `who` and return 0, or the whole seconds until the window ends if it is full.

    Windows stand still: around the end of one, twice the rate can pass. While the cache cannot be reached everything
    passes, and for a few seconds nobody waits for it: the database holds what counts, and a label must not be lost
    with the broker.
    """
    global _away_until
    most, window_s = parsed_rate(rate)
    if _away_until > now:
        return 0
    key = f"rate:{what}:{who}:{int(now // window_s)}"
    try:
        # Two windows long, so that the key outlives a count that was made at the end of its own.
        count = cast(CountingCache, caches["default"]).count(key, 2 * window_s)
    except (RedisError, OSError) as error:
        _away_until = now + AWAY_S
        _log.warning("The cache is away, so nothing is counted for %.0f s: %s", AWAY_S, error)
        return 0
    return 0 if count <= most else max(1, math.ceil(window_s - now % window_s))


def client_address(request: HttpRequest) -> str:
    """Return the address that the outermost trusted proxy saw, or the connection's own where no proxy is trusted.

    What stands further left in X-Forwarded-For was written by the caller, who may write anything.
    """
    own = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.BRANCHWISE.trusted_proxies
    if not trusted:
        return own
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return seen[-trusted] if len(seen) >= trusted else own


def asker(request: HttpRequest | Request) -> str:
    """Return who is counted: a token, else a person, else an address."""
    token = getattr(request, "auth", None)
    if token is not None and getattr(token, "pk", None) is not None:
        return f"token-{token.pk}"
    if request.user.is_authenticated:
        return f"person-{request.user.pk}"
    return f"address-{client_address(getattr(request, '_request', request))}"


def sentence(wait_s: int) -> str:
    """Return what somebody is told who asked too often."""
    unit = "second" if wait_s == 1 else "seconds"
    return f"That was asked too often in a short time. Wait {wait_s} {unit} and try again; nothing was changed."


def limited(
    what: str, rate: str, *, methods: Sequence[str] = CHANGES, clock: Callable[[], float] = time.time
) -> Callable[[View], View]:
    """Let one person, or one address of nobody, ask a page for `what` only so often: `@limited("launch", "30/m")`.

    Stands inside the gate, so that who has no right is told that first. Only `methods` are counted. Too often: 429
    with Retry-After. Raises ValueError, when the module is read, for a rate that is none.
    """
    parsed_rate(rate)

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wait_s = seconds_to_wait(what, asker(request), rate, now=clock()) if request.method in methods else 0
            return too_often(request, wait_s) if wait_s else view(request, *args, **kwargs)

        return counted

    return decorate


def too_often(request: HttpRequest, wait_s: int) -> HttpResponse:
    """Answer 429, as a page to a person and as JSON to a program."""
    response = answer(request, status=429, template="errors/429.html", code="too-often", message=sentence(wait_s))
    response["Retry-After"] = str(wait_s)
    return response


class ApiThrottle(BaseThrottle):
    """Counts requests to the API for each person or token: reads, labels, launches and other changes apart."""

    wait_s = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the request may pass; who is not signed in is refused before this is asked."""
        kind = self.kind_of(request)
        self.wait_s = seconds_to_wait(f"api-{kind}", asker(request), API_RATES[kind], now=time.time())
        return not self.wait_s

    def wait(self) -> float:
        """Seconds until the next request passes."""
        return float(self.wait_s)

    @staticmethod
    def kind_of(request: Request) -> str:
        """Return the key of API_RATES by which a request is counted, from its method and its view's verb."""
        if request.method in SAFE:
            return "read"
        view = request.resolver_match.func if request.resolver_match else None
        verbs = getattr(view, "verbs", {})
        verb = verbs.get(request.method, getattr(view, "verb", ""))
        return verb if verb in API_RATES else "write"
