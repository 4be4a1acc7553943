"""Errors of the API in one shape, {"error": {"code", "message", "fields"}}; who may call what stands in the gate."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.common.refusals import as_refused, error_body
from apps.common.throttles import sentence


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error of an API view. None lets a bug through to the log and to the plain answer for bugs."""
    refused = as_refused(error)
    if refused is not None:
        set_rollback()
        body = error_body(refused.code, refused.message, refused.fields)
        return Response({**body, **refused.also}, status=refused.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound("Nothing is at this address.")
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return Response(_body(error), status=error.status_code, headers=_headers(error))


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = _sentences(error.detail)
        message = " ".join(f"{name}: {text}" if name else text for name, text in fields.items())
        return error_body("invalid", message, fields)
    if isinstance(error, exceptions.Throttled):
        return error_body("too-often", sentence(int(getattr(error, "wait", None) or 1)))
    code = error.get_codes()
    return error_body(code.replace("_", "-") if isinstance(code, str) else "invalid", str(error.detail))


def _sentences(detail: Any) -> dict[str, str]:
    if isinstance(detail, dict):
        return {str(name): _flat(value) for name, value in detail.items()}
    return {"": _flat(detail)}


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}: {_flat(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " ".join(_flat(inner) for inner in value)
    return str(value)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    header = getattr(error, "auth_header", None)
    wait = getattr(error, "wait", None)
    return ({"WWW-Authenticate": header} if header else {}) | ({"Retry-After": f"{wait:.0f}"} if wait else {})
