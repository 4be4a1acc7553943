"""What can be written about: the kinds of things, each put in here by the app that has them. It knows none itself.

A higher app calls `register` when it is ready, so that this app can ask for a thing without knowing what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from apps.accounts.models import Team
from apps.discussions.models import KEY_LENGTH, KIND_LENGTH

KIND = re.compile(r"[a-z][a-z-]*")
# One spelling a thing: a zero before a number would name the same thing twice. Numbers have the digits a bigint has.
KEY = re.compile(r"(?:0|[1-9][0-9]{0,17})(?::(?:0|[1-9][0-9]{0,17}))*")


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of things.

    exists: whether the team has the thing of that key; address: the page that shows it, to which `#comment-9` is added;
    title: what it is called where it is linked to; group: the group of the channel layer that hears of its comments;
    run: the id of the run it is about, by which its discussion may be hidden from who is still to judge that run.
    """

    kind: str
    exists: Callable[[Team, str], bool]
    address: Callable[[Team, str], str]
    title: Callable[[str], str]
    group: Callable[[str], str]
    run: Callable[[str], int]


TARGETS: dict[str, Target] = {}


def register(target: Target) -> None:
    """Let the kind be written about. Raises ValueError for a kind that is taken or is no short lower-case word."""
    if not KIND.fullmatch(target.kind) or len(target.kind) > KIND_LENGTH:
        raise ValueError(f"A kind is a lower-case word of at most {KIND_LENGTH} letters; found {target.kind!r}.")
    if target.kind in TARGETS:
        raise ValueError(f"The kind {target.kind!r} is registered already; each is put in once.")
    TARGETS[target.kind] = target


def found_target(team: Team, kind: str, key: str) -> Target | None:
    """The kind's target where the team has the thing; None for an unknown kind, a key that is none, a thing that is
    not there or is another team's: nobody can tell these apart."""
    target = TARGETS.get(kind)
    if target is None or len(key) > KEY_LENGTH or not KEY.fullmatch(key):
        return None
    return target if target.exists(team, key) else None
