"""One catalogue class for all kinds of plug-in; it scans nothing and answers no unknown key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from workers.search.errors import UnknownKey
from workers.search.moves import Move
from workers.search.protocols import AnswerChecker, Engine, Scorer
from workers.search.step import Step

T = TypeVar("T")
Refusal = Callable[[str], str | None]

CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "steps": "to be stopped at the end of each step",
        "samples": "draws of one context that differ",
        "alternatives": "the likeliest tokens at every place",
        "scores": "a score for every step, which a scorer gives",
    }
)
"""What a strategy may need and an engine or a scorer may give, each as it stands in a sentence after "needs"."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A plug-in and all a page or a command needs to know of it, as plain data.

    params: a frozen dataclass whose fields carry `help` (and bounds or choices) in their metadata; see parameters.py.
    needs, gives: keys of CAPABILITIES; a strategy is played only with an engine and a scorer that give what it needs.
    needs_reference: it can tell right from wrong only against a reference answer. refusal: of an engine or a scorer,
    why it cannot read this question, asked without loading it; None where it can, or where only the loaded model could
    tell.
    """

    key: str
    label: str
    summary: str
    version: int
    params: type[Any]
    make: T
    needs: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    needs_reference: bool = False
    refusal: Refusal | None = None

    @property
    def needs_scorer(self) -> bool:
        """Whether it cannot be played without a scorer."""
        return "scores" in self.needs


class Catalogue(Generic[T]):
    """Plug-ins of one kind, in order of registration."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, Entry[T]] = {}

    def add(self, entry: Entry[T]) -> None:
        """Register an entry. Raises ValueError where its key is taken, its label or summary is empty, or a capability
        has a name that nobody knows."""
        if entry.key in self._entries:
            raise ValueError(f"{self.kind} {entry.key!r} is registered twice.")
        if unknown := (entry.needs | entry.gives) - CAPABILITIES.keys():
            known = ", ".join(CAPABILITIES)
            raise ValueError(
                f"{self.kind} {entry.key!r}: expected capabilities among {known}; found {', '.join(sorted(unknown))}."
            )
        if not entry.label.strip() or not entry.summary.strip():
            raise ValueError(f"{self.kind} {entry.key!r} needs a label and a one-sentence summary.")
        self._entries[entry.key] = entry

    def get(self, key: str) -> Entry[T]:
        """The entry of `key`. Raises UnknownKey, which names the known ones."""
        try:
            return self._entries[key]
        except KeyError:
            raise UnknownKey(self.kind, key, self._entries) from None

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self._entries.values())

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def keys(self) -> tuple[str, ...]:
        """Every key, in order of registration."""
        return tuple(self._entries)


@dataclass(frozen=True)
class NoParams:
    """For plug-ins that take none."""


def registers(
    catalogue: Catalogue[T],
    key: str,
    *,
    label: str,
    summary: str,
    version: int = 1,
    params: type[Any] = NoParams,
    needs: Collection[str] = (),
    gives: Collection[str] = (),
    needs_reference: bool = False,
    refusal: Refusal | None = None,
) -> Callable[[T], T]:
    """A decorator that adds what it decorates to `catalogue` and gives it back unchanged."""

    def add(made: T) -> T:
        can = (frozenset(needs), frozenset(gives), needs_reference, refusal)
        catalogue.add(Entry(key, label, summary, version, params, made, *can))
        return made

    return add


# The four catalogues of the worker's side; those of formats stand in apps/. Each folder's __init__ is the list.
Play = Generator[Move, Any, None]
STRATEGIES: Catalogue[Callable[[Step, Any, Random], Play]] = Catalogue("strategy")
ENGINES: Catalogue[Callable[[Any], Engine]] = Catalogue("engine")
SCORERS: Catalogue[Callable[[Any], Scorer]] = Catalogue("scorer")
CHECKERS: Catalogue[Callable[[], AnswerChecker]] = Catalogue("checker")


def strategy(
    key: str, *, label: str, summary: str, params: type[Any], version: int = 1, needs: Collection[str] = ()
) -> Callable[[Callable[[Step, Any, Random], Play]], Callable[[Step, Any, Random], Play]]:
    """Register a generator `(root, params, random) -> moves` as a strategy."""
    return registers(STRATEGIES, key, label=label, summary=summary, version=version, params=params, needs=needs)


def engine(
    key: str,
    *,
    label: str,
    summary: str,
    gives: Collection[str],
    params: type[Any] = NoParams,
    version: int = 1,
    refusal: Refusal | None = None,
) -> Callable[[Callable[[Any], Engine]], Callable[[Any], Engine]]:
    """Register a factory `(params) -> Engine`; it loads the model when called, never when imported."""
    return registers(
        ENGINES, key, label=label, summary=summary, version=version, params=params, gives=gives, refusal=refusal
    )


def scorer(
    key: str,
    *,
    label: str,
    summary: str,
    gives: Collection[str],
    params: type[Any] = NoParams,
    version: int = 1,
    refusal: Refusal | None = None,
) -> Callable[[Callable[[Any], Scorer]], Callable[[Any], Scorer]]:
    """Register a factory `(params) -> Scorer`; it loads the model when called, never when imported."""
    return registers(
        SCORERS, key, label=label, summary=summary, version=version, params=params, gives=gives, refusal=refusal
    )


def checker(
    key: str, *, label: str, summary: str, version: int = 1, needs_reference: bool = True
) -> Callable[[Callable[[], AnswerChecker]], Callable[[], AnswerChecker]]:
    """Register a factory `() -> AnswerChecker`."""
    return registers(CHECKERS, key, label=label, summary=summary, version=version, needs_reference=needs_reference)
