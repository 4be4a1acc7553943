"""Refused: the one exception a person may be shown; everything else is a bug and is not caught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """What was asked for is not done; the message says what was expected, what was found and what to do.

    code: a word for programs, stable over time; status: the HTTP status; fields: a sentence a field of a form; also:
    values that the API answers beside the error, by which a program can do what the message says.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "refused",
        status: int = 400,
        fields: Mapping[str, str] | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.fields = dict(fields or {})
        self.also = dict(also or {})
