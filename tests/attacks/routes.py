"""Every address of the house, read off the resolver; who may have one is read off its view, and nothing is listed here
by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# An argument in an address, as path() and as re_path() write it.
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: pattern as it is written, name with its namespaces, the verb of its team or whom it is open to."""

    pattern: str
    name: str
    view: Callable[..., Any]
    arguments: Mapping[str, str]

    @property
    def verb(self) -> str:
        """The right it asks for; empty for an address of no team."""
        return str(getattr(self.view, "verb", ""))

    def verb_for(self, method: str) -> str:
        """The right it asks for when it is used by this method, where methods differ."""
        verbs: Mapping[str, str] = getattr(self.view, "verbs", {})
        return verbs.get(method, self.verb)

    @property
    def open_to(self) -> str:
        """`everybody` or `signed-in` for an address of no team; empty for one of a team."""
        return str(getattr(self.view, "open_to", ""))

    @property
    def is_api(self) -> bool:
        """Whether it answers programs."""
        return self.pattern.startswith("api/")

    @property
    def things(self) -> list[str]:
        """What stands in it besides the team."""
        return [name for name in self.arguments if name != "team"]

    def address(self, values: Mapping[str, Any]) -> str:
        """The address with these values in it. Raises KeyError for one that is missing."""
        return "/" + PART.sub(lambda found: str(values[found["name"] or found["group"]]), self.pattern)

    def __str__(self) -> str:
        return self.name or self.pattern


def walked(patterns: list[URLPattern | URLResolver], before: str = "", space: str = "") -> Iterator[Route]:
    """Every route below `patterns`."""
    for entry in patterns:
        where = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (space, entry.namespace) if part)
            yield from walked(entry.url_patterns, where, inner)
        else:
            name = ":".join(part for part in (space, entry.name or "") if part)
            found_parts = PART.finditer(where)
            arguments = {found["name"] or found["group"]: found["kind"] or "str" for found in found_parts}
            yield Route(where, name, entry.callback, arguments)


@cache
def routes() -> tuple[Route, ...]:
    """Every route of the house, in the order in which addresses are looked up."""
    return tuple(walked(get_resolver().url_patterns))


def team_routes() -> list[Route]:
    """Those that belong to a team."""
    return [route for route in routes() if "team" in route.arguments]


def forgotten(route: Route) -> str | None:
    """What to do about a route that does not say who may have it; None for one that does."""
    if "team" in route.arguments and route.verb:
        return None
    if "team" not in route.arguments and route.open_to:
        return None
    ways = (
        "@team_page(verb) or @team_api(verb)" if "team" in route.arguments else "@open_to_everybody or @signed_in_page"
    )
    return f"{route.pattern}: nobody knows who may have it. Put {ways} of apps/accounts/gate.py on its view."
