"""ProblemFilter: which problems of a set are meant, in a closed grammar; it never passes a given name on to the ORM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from django.db.models import Q, QuerySet

from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet
from workers.verifiers.checkers import CHECKERS

NO_CHECKER = "none"
LONGEST = {"text": 200, "source": 200}
MOST = 2**31 - 1
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Every field narrows; one at its default does not.

    text, source: found in statement and source, upper and lower case alike; difficulty_min, difficulty_max: bounds that
    count as inside, by which a problem of unknown difficulty is left out; checker: its key, "none" for problems
    without one; position: the one problem at that place in the set; first: at most so many of what is left, in order.
    """

    text: str = ""
    difficulty_min: float | None = None
    difficulty_max: float | None = None
    source: str = ""
    checker: str = ""
    position: int | None = None
    first: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields that are set, as read_filter takes them."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}

    def of(self, problem_set: ProblemSet) -> QuerySet[Problem]:
        """The problems of the set that pass, in its order; the caller may filter, sort and slice them further."""
        found = Problem.objects.filter(self.condition(), problem_set=problem_set).order_by("position")
        if self.first is None:
            return found
        return Problem.objects.filter(pk__in=found.values("pk")[: self.first]).order_by("position")

    def condition(self) -> Q:
        """What a problem has to fulfil; `first` is not in it, because it is about the others."""
        passes = Q()
        if self.text:
            passes &= Q(statement__icontains=self.text)
        if self.source:
            passes &= Q(source__icontains=self.source)
        if self.difficulty_min is not None:
            passes &= Q(difficulty__gte=self.difficulty_min)
        if self.difficulty_max is not None:
            passes &= Q(difficulty__lte=self.difficulty_max)
        if self.position is not None:
            passes &= Q(position=self.position)
        if self.checker:
            passes &= Q(checker="" if self.checker == NO_CHECKER else self.checker)
        return passes


def read_filter(given: Mapping[str, Any]) -> ProblemFilter:
    """A filter out of typed texts (an address, a form, a command line) or values of JSON; "" and null are not set.

    Raises Refused with a sentence for each field that is unknown or not as expected."""
    wrong = {
        str(name)[:_SHOWN]: f"Unknown field. Known: {', '.join(READERS)}." for name in given if name not in READERS
    }
    read: dict[str, Any] = {}
    for name, reader in READERS.items():
        value = given.get(name)
        if value is None or value == "":
            continue
        try:
            read[name] = reader(name, value)
        except _Unread as why:
            wrong[name] = str(why)
    low, high = read.get("difficulty_min"), read.get("difficulty_max")
    if low is not None and high is not None and low > high:
        wrong["difficulty_max"] = f"Expected at least difficulty_min, which is {low:g}; found {high:g}."
    if wrong:
        raise Refused(
            " ".join(f"{name}: {sentence}" for name, sentence in wrong.items()), code="bad-filter", fields=wrong
        )
    return ProblemFilter(**read)


class _Unread(Exception):
    """A value is not of its field's kind; says what was expected and found."""

    def __init__(self, expected: str, value: object) -> None:
        shown = repr(value) if not isinstance(value, str) or len(value) <= _SHOWN else repr(value[:_SHOWN]) + "…"
        super().__init__(f"Expected {expected}; found {shown:.120}.")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _Unread("a text", value)
    if len(value) > LONGEST[name]:
        raise _Unread(f"at most {LONGEST[name]} characters", value)
    if not _is_storable(value):
        raise _Unread("text that a problem can hold", value)
    return value


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Unread("a number", value)
    try:
        # Python reads 1_6 as 16, which nobody means.
        number = float(value) if "_" not in str(value) else float("nan")
    except (ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise _Unread("a finite number", value)
    return number


def _key(name: str, value: object) -> str:
    if value != NO_CHECKER and (not isinstance(value, str) or value not in CHECKERS):
        raise _Unread(f"one of {', '.join((*CHECKERS.keys(), NO_CHECKER))}", value)
    return str(value)


def _count(name: str, value: object) -> int:
    expected = f"a whole number from 1 to {MOST}"
    is_typed = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(MOST))
    if not is_typed and (isinstance(value, bool) or not isinstance(value, int)):
        raise _Unread(expected, value)
    count: int = int(value)  # type: ignore[call-overload]  # a number or digits, as looked at above
    if not 1 <= count <= MOST:
        raise _Unread(expected, value)
    return count


READERS: dict[str, Callable[[str, object], Any]] = {
    "text": _text,
    "difficulty_min": _number,
    "difficulty_max": _number,
    "source": _text,
    "checker": _key,
    "position": _count,
    "first": _count,
}
