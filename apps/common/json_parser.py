"""Reads the JSON a program sends; what no parser can hold is refused as any other broken JSON, never answered as a bug.

DRF's views import this while they are loaded, so it stands apart from api.py, which imports DRF's views.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError

# The stubs are of an earlier DRF, which had no get_encoding.
from rest_framework.parsers import JSONParser, get_encoding  # type: ignore[attr-defined]


class TooLarge(APIException):
    """A body of more bytes than are taken."""

    status_code = 413
    default_code = "too-large"


class BoundedJSONParser(JSONParser):
    """One value of JSON in at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes, with finite numbers and of a few levels.

    DRF's own reads a body of any length into memory, takes 1e999 for infinity and null for no body at all.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the value. Raises TooLarge, or ParseError where the text is not JSON that can be held."""
        # A charset that decompresses is refused here by name, before a byte is read.
        encoding = get_encoding(parser_context or {})
        body = _bounded(stream)
        try:
            value = json.loads(body.decode(encoding), parse_constant=_no_number, parse_float=_finite)
        except RecursionError as error:
            raise ParseError("Expected JSON of a few levels; found one nested too deep to be read.") from error
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}"[:300]) from error
        if value is None:
            raise ParseError("Expected an object or a list; found null. Send {} where there is nothing to say.")
        return value


class BoundedLinesParser(BoundedJSONParser):
    """The bytes of many values of JSON, one a line, as a stream; which lines hold none is told by line, not here."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the stream, at its start. Raises TooLarge, or ParseError for a charset that is not UTF-8."""
        encoding = get_encoding(parser_context or {})
        if encoding.lower() not in {"utf-8", "utf8"}:
            raise ParseError(f"Expected lines of JSON in UTF-8; found {encoding[:40]!r}.")
        return BytesIO(_bounded(stream))


class BoundedLineParser(BoundedLinesParser):
    """The same of a single line, as programs send it that know of JSON only."""

    media_type = "application/json"


def _bounded(stream: Any) -> bytes:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise TooLarge(f"Expected a body of at most {most:,} bytes; found a longer one. Send it in parts.")
    return body


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is larger than any number can be")
    return number
