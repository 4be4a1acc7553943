"""The keys of one page for one reader, as its dialog and its scripts are given them; the list itself is in keys.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from apps.accounts.access import ALLOWED, Verb
from apps.accounts.keys import GESTURES, KEYS, PLACES, SHIPPED, Choice, Key, Place, kept_choice, printed
from apps.accounts.models import Role, User


@dataclass(slots=True)
class Row:
    """One line of the table: what one presses, what it does, and the key as it is shipped, empty for a gesture."""

    pressed: tuple[str, ...]
    does: str
    key: str = ""


@dataclass(slots=True)
class Way:
    """A page that `g` and its letter lead to."""

    letter: str
    name: str
    url: str


@dataclass(slots=True)
class Group:
    """Lines that belong together, under a heading."""

    name: str
    rows: list[Row] = field(default_factory=list)


class KeyTable:
    """Keys of the page that answers the request: `groups`, `ways`, `choice` and, for the scripts, `as_json`."""

    def __init__(self, request: HttpRequest) -> None:
        user = getattr(request, "user", None)
        match = request.resolver_match
        self.choice: Choice = kept_choice(user.keys) if isinstance(user, User) else Choice()
        self.view = match.view_name if match else ""
        self.team = getattr(request, "team", None)
        self.allowed = ALLOWED[Role(request.role)] if self.team is not None else frozenset()  # type: ignore[attr-defined]

    @property
    def as_json(self) -> str:
        return self.choice.for_scripts()

    @property
    def go(self) -> str:
        """What one presses before the letter of a page."""
        return self.choice.pressed(SHIPPED["g"])[0]

    @property
    def groups(self) -> list[Group]:
        """The keys that act here, then what the page takes besides, in the order of the list."""
        found: dict[str, Group] = {}
        for key in filter(self._acts, KEYS):
            found.setdefault(key.group, Group(key.group)).rows.append(
                Row(tuple(map(printed, self.choice.pressed(key))), key.does, key.key)
            )
        for gesture in GESTURES:
            if self.view in gesture.views and gesture.group in found:
                found[gesture.group].rows.append(Row(gesture.shown, gesture.does))
        return list(found.values())

    @property
    def ways(self) -> list[Way]:
        """The pages of the team that the reader may open."""
        return [] if self.team is None else [way for place in PLACES if (way := self._way(place, self.team.slug))]

    def _acts(self, key: Key) -> bool:
        return (not key.views or self.view in key.views) and (not key.labels or "label" in self.allowed)

    def _way(self, place: Place, slug: str) -> Way | None:
        try:
            url = reverse(place.address, kwargs={"team": slug})
        except NoReverseMatch:
            return None
        verb: Verb | None = getattr(resolve(url).func, "verb", None)
        return Way(place.letter, place.name, url) if verb in self.allowed else None
