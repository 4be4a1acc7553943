"""The errors the core raises; it never raises for running out of budget, which is an outcome."""

from __future__ import annotations

from collections.abc import Iterable


class SearchError(Exception):
    """Base of every error of the core; its text may be shown to the person who asked."""


class UnknownKey(SearchError, LookupError):
    """A plug-in was asked for by a key nobody registered."""

    def __init__(self, kind: str, key: str, known: Iterable[str]) -> None:
        self.kind, self.key, self.known = kind, key, tuple(known)
        super().__init__(f"Unknown {kind} {key!r}. Known: {', '.join(self.known) or 'none'}.")


class BadParameter(SearchError, ValueError):
    """A parameter is unknown or breaks its field: says which, what was expected and what was found."""

    def __init__(self, name: str, expected: str, found: str) -> None:
        self.name, self.expected, self.found = name, expected, found
        super().__init__(f"Parameter {name!r}: expected {expected}; found {found}.")


class EngineError(SearchError):
    """An engine could not write; `retryable` says whether the same request may succeed later."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(message)


class ScorerError(SearchError):
    """A scorer could not judge, or gave another number of scores than there are steps."""


class StrategyError(SearchError):
    """A strategy asked for what cannot be done, such as expanding a terminal step."""


class ReplayDiverged(SearchError):
    """A log cannot be played on: says at which seq, what was asked for and what the log holds."""

    def __init__(self, seq: int, asked: str, held: str) -> None:
        self.seq, self.asked, self.held = seq, asked, held
        super().__init__(
            f"The log of this run cannot be played on at event {seq}: expected {asked}; the log holds {held}. "
            "It was played by other code or with other settings: start the run anew, or branch from one of its steps."
        )


class CheckerError(SearchError):
    """A checker cannot read the question or the reference; what a model wrote never raises."""


class BadEvent(SearchError, ValueError):
    """What was read is no event: says where, what was expected and what was found."""


class SinkClosed(SearchError):
    """A sink takes no more events of its run, because someone else owns the run now; the run stops in silence."""
