"""The one error of the embedded servers; it knows nothing of them."""

from __future__ import annotations


class ServiceError(Exception):
    """An embedded server could not be started or stopped; the text says why and what to do."""
