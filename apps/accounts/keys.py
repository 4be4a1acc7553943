"""The one list of keys there are, and what a person made of it; what a key does on a page stands in its script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.common.errors import Refused

RUN_PAGE = ("trees:run", "trees:step")
BESIDE = "trees:beside"
LABELLING = ("labelling:label", "labelling:assignment")
SETTLING = ("labelling:settle",)
JUDGING = (*RUN_PAGE, *LABELLING)
DECIDING = (*JUDGING, *SETTLING)


def printed(key: str) -> str:
    """A key as it is written on pages, where a space alone could not be seen."""
    return "space" if key == " " else key


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shipped. key: KeyboardEvent.key; also: others that do the same; views: names of the pages it acts
    on, empty for all of them; labels: whether it is of use only to who may label."""

    key: str
    does: str
    group: str
    also: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    labels: bool = False

    @property
    def field(self) -> str:
        """What its field in a form is called."""
        return f"key-{printed(self.key)}"


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a page takes besides its keys, shown with them; nobody changes it."""

    shown: tuple[str, ...]
    does: str
    group: str
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the team that `g` and then this letter lead to."""

    letter: str
    name: str
    address: str


KEYS: tuple[Key, ...] = (
    Key("1", "bad", "Label", ("-", "−"), DECIDING, labels=True),
    Key("2", "neutral", "Label", ("0",), DECIDING, labels=True),
    Key("3", "good", "Label", ("+",), DECIDING, labels=True),
    Key("4", "unsure", "Label", (), DECIDING, labels=True),
    Key("u", "undo the last verdict", "Label", (), JUDGING, labels=True),
    Key("s", "hide or show scores", "Label", (), (*RUN_PAGE, BESIDE)),
    Key("j", "next step of the branch; while settling, next dispute", "Move", (), (*DECIDING, BESIDE)),
    Key("k", "previous step of the branch; while settling, previous dispute", "Move", (), (*DECIDING, BESIDE)),
    Key("h", "parent", "Move", (), RUN_PAGE),
    Key("l", "child", "Move", (), RUN_PAGE),
    Key("[", "sibling before", "Move", (), RUN_PAGE),
    Key("]", "sibling after", "Move", (), RUN_PAGE),
    Key("=", "zoom in", "Picture", (), RUN_PAGE),
    Key("_", "zoom out", "Picture", (), RUN_PAGE),
    Key("z", "the whole tree", "Picture", (), RUN_PAGE),
    Key("e", "collapse or expand the step", "Picture", (), RUN_PAGE),
    Key("E", "expand every step", "Picture", (), RUN_PAGE),
    Key("p", "hide or show pruned steps", "Picture", (), RUN_PAGE),
    Key("o", "outline or picture", "Picture", (), RUN_PAGE),
    Key("r", "hide or show reasoning", "Read", (), RUN_PAGE),
    Key("c", "comment; while labelling, a critique", "Read", (), DECIDING),
    Key("n", "next match of the search", "Search", (), RUN_PAGE),
    Key("N", "previous match of the search", "Search", (), RUN_PAGE),
    Key(" ", "play or pause", "Replay", (), RUN_PAGE),
    Key(",", "one decision back", "Replay", (), RUN_PAGE),
    Key(".", "one decision on", "Replay", (), RUN_PAGE),
    Key("b", "to the birth of the step", "Replay", (), RUN_PAGE),
    Key("v", "set aside for comparing, then compare with it", "Compare", (), RUN_PAGE),
    Key("w", "chosen branch beside the best right one", "Compare", (), RUN_PAGE),
    Key("d", "to the first difference", "Compare", (), (BESIDE,)),
    Key("X", "swap the sides", "Compare", (), (BESIDE,)),
    Key("f", "fork from the step", "Compare", (), RUN_PAGE),
    Key("y", "copy a link to what is shown", "Share", (), RUN_PAGE),
    Key("x", "flag the step", "Judge", (), LABELLING, labels=True),
    Key("i", "write a better step", "Judge", (), LABELLING, labels=True),
    Key("a", "alternatives of the step", "Judge", (), LABELLING, labels=True),
    Key("t", "take the step to go on from", "Judge", (), LABELLING, labels=True),
    Key("m", "confirm the proposed verdict", "Judge", (), LABELLING, labels=True),
    Key("q", "guideline", "Judge", (), LABELLING, labels=True),
    Key("G", "give up", "Judge", (), LABELLING, labels=True),
    Key("P", "the problem is bad", "Judge", (), LABELLING, labels=True),
    Key("S", "skip", "Judge", (), LABELLING, labels=True),
    Key("?", "the keys of this page", "Every page"),
    Key("/", "search on this page, where it has one", "Every page"),
    Key("g", "go to a page of the team: then its letter", "Every page"),
)
GESTURES: tuple[Gesture, ...] = (
    Gesture(("←", "↑", "↓", "→"), "pan, with the picture focused", "Picture", RUN_PAGE),
    Gesture(("wheel", "drag"), "zoom, pan", "Picture", RUN_PAGE),
    Gesture(("Enter",), "submit and next", "Judge", LABELLING),
)
PLACES: tuple[Place, ...] = (
    Place("e", "experiments", "runs:experiments"),
    Place("p", "problems", "problems:sets"),
    Place("i", "imports", "imports:imports"),
    Place("l", "labelling", "labelling:queues"),
    Place("d", "datasets", "datasets:datasets"),
    Place("m", "mentions of you", "discussions:mentions"),
    Place("t", "team: people", "people:people"),
    Place("s", "search the team", "search:search"),
)
SHIPPED: dict[str, Key] = {key.key: key for key in KEYS}
FIELDS: dict[str, Key] = {key.field: key for key in KEYS}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person made of the keys. off: no single key acts; changed: the key they press by the key as shipped."""

    off: bool = False
    changed: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept: only what differs from the keys as shipped."""
        kept: dict[str, Any] = {"off": True} if self.off else {}
        return {**kept, "changed": dict(self.changed)} if self.changed else kept

    def pressed(self, key: Key) -> tuple[str, ...]:
        """What one presses for it. A key of one's own takes the place of all it was shipped with."""
        return (self.changed[key.key],) if key.key in self.changed else (key.key, *key.also)

    def for_scripts(self) -> str:
        """The choice as the pages' scripts read it, as JSON: {"off": …, "keys": {pressed: shipped}}, with an empty text
        for a key that was given up for another."""
        given_up = {old: "" for key in KEYS for old in (key.key, *key.also)}
        keys = given_up | {pressed: key.key for key in KEYS for pressed in self.pressed(key)}
        return json.dumps({"off": self.off, "keys": keys}, ensure_ascii=False)


def read_choice(data: Mapping[str, Any]) -> Choice:
    """The choice out of what was kept or sent, checked whole. Raises Refused, its fields by the shipped key."""
    unknown = sorted(set(data) - {"off", "changed"})
    if unknown:
        raise Refused(f"Unknown field {unknown[0]!r} of keys. Known: off, changed.", code="unknown-field")
    off, changed = data.get("off", False), data.get("changed", {})
    if not isinstance(off, bool) or not isinstance(changed, Mapping):
        raise Refused("Keys are told by off (true or false) and changed (key by shipped key).", code="bad-keys")
    choice = Choice(off, {key: new for key, new in changed.items() if key != new})
    wrong = dict(_wrong_keys(choice.changed)) or dict(_clashes(choice))
    if wrong:
        raise Refused(" ".join(wrong.values()), code="bad-keys", fields=wrong)
    return choice


def kept_choice(data: Mapping[str, Any]) -> Choice:
    """The choice as it was kept with the person. One that the list of keys has outgrown counts as none, but for off:
    a key that nobody expects would act otherwise. The profile shows the keys as shipped then, to choose again."""
    try:
        return read_choice(data)
    except Refused:
        return Choice(off=data.get("off") is True)


def _wrong_keys(changed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, new in changed.items():
        if key not in SHIPPED:
            yield str(key)[:20], f"There is no key {str(key)[:20]!r} to change. There are: {' '.join(SHIPPED)}."
        elif not isinstance(new, str) or len(new) != 1 or not new.isprintable() or new.isspace():
            yield key, f"Expected one visible character for {SHIPPED[key].does!r}; found {str(new)[:20]!r}."


def _clashes(choice: Choice) -> Iterator[tuple[str, str]]:
    taken: dict[str, Key] = {}
    # Those that stay as shipped have their key first, so that it is the changed one that is told of the clash.
    for key in sorted(KEYS, key=lambda key: key.key in choice.changed):
        for pressed in choice.pressed(key):
            other = taken.setdefault(pressed, key)
            if other is not key:
                yield key.key, f"{pressed!r} is the key for {other.does!r} already; choose another for {key.does!r}."
