"""Turns what went wrong into a page or, below /api/, into JSON of one shape; it decides nothing about rights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from apps.common.body_limit import TOO_LARGE
from apps.common.database_away import RETRY_AFTER_S, is_database_away
from apps.common.errors import Refused
from workers.search.errors import BadParameter, UnknownKey

API_PREFIX = "/api/"


def error_body(code: str, message: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the one shape of an error. What was sent is quoted in it, and half a surrogate pair, which JSON may hold
    and no answer can, is spelled out."""
    sentences = {_sendable(name): _sendable(text) for name, text in (fields or {}).items()}
    return {"error": {"code": code, "message": _sendable(message), "fields": sentences}}


def _sendable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def as_refused(error: Exception) -> Refused | None:
    """Return what a person may be told of the error; None for a bug. The core's refusals are refusals here too."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, BadParameter):
        return Refused(str(error), code="bad-parameter", fields={error.name: str(error)})
    if isinstance(error, UnknownKey):
        return Refused(str(error), code="unknown-key")
    return None


def answer(request: HttpRequest, *, status: int, template: str, code: str, message: str) -> HttpResponse:
    """Return the error as JSON to a program and as a page to a person."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse(error_body(code, message), status=status)
    return render(request, template, {"message": message, "status": status}, status=status)


class RefusalMiddleware:
    """Shows a Refused that a page raised; errors of the API's own views are answered by apps.common.api."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        most = getattr(request, "scope", {}).get(TOO_LARGE)
        if most is None:
            return self.get_response(request)
        message = f"Expected a body of at most {most:,} bytes at this address; found a longer one. Send it in parts."
        return answer(request, status=413, template="errors/refused.html", code="too-large", message=message)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = as_refused(exception)
        if refused is None:
            return None
        if "leads_to" in refused.also:
            # Nothing was done wrong: something else comes first, and the page leads there.
            shown = {"message": refused.message, "leads_to": refused.also["leads_to"]}
            return render(request, "errors/first.html", shown, status=refused.status)
        return answer(
            request, status=refused.status, template="errors/refused.html", code=refused.code, message=refused.message
        )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read: 413 for one that is too large, 400 for a host name that is not ours.

    A page would ask for the host name that may be the very fault, so a person gets the plain sentence then.
    """
    if too_much := _too_much(exception):
        return answer(request, status=413, template="errors/refused.html", code="too-large", message=too_much)
    message = "Expected a request of ordinary size to this server's own address; found one that cannot be read."
    if request.path.startswith(API_PREFIX):
        return JsonResponse(error_body("bad-request", message), status=400)
    return HttpResponse(message + "\n", status=400, content_type="text/plain; charset=utf-8")


def _too_much(exception: Exception | None) -> str:
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return f"Expected at most {most:,} bytes besides files; found more. Send it in parts, or as a file."
    if isinstance(exception, TooManyFieldsSent):
        return f"Expected a form of at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields; found more."
    if isinstance(exception, TooManyFilesSent):
        return (
            f"Expected at most {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files at once; found more. Send them in turns."
        )
    return ""


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a member whose role does not allow it."""
    return answer(
        request, status=403, template="errors/403.html", code="forbidden", message=str(exception) if exception else ""
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not there, or not for this person: both look the same, so that nothing can be enumerated."""
    return answer(
        request, status=404, template="errors/404.html", code="not-found", message="Nothing is at this address."
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a bug, without a word from inside; the log has it. A database that is away for the moment is no bug: 503,
    with when to ask again."""
    # Called while the error is handled, which Django does not hand over.
    if is_database_away(sys.exception()):
        message = "The database cannot be reached for the moment; nothing was changed. Try again in a few seconds."
        response = answer(request, status=503, template="errors/500.html", code="away", message=message)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return answer(
        request,
        status=500,
        template="errors/500.html",
        code="broken",
        message="Something broke on our side. Try again.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token, which an old page or a cleared cookie brings about."""
    message = "This page was open for too long, or its cookie is gone. Go back, load it again and repeat the last step."
    return answer(request, status=403, template="errors/refused.html", code="csrf", message=message)
