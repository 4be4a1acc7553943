"""Reads the JSON a program sends; what no parser can hold is refused as any other broken JSON, never answered as a bug.

DRF's views import this while they are loaded, so it stands apart from api.py, which imports DRF's views.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """DRF's parser, for which nesting without end is a mistake of the sender's."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the value. Raises ParseError where the text is not JSON or is nested too deep to be read."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("Expected JSON of a few levels; found one nested too deep to be read.") from error
