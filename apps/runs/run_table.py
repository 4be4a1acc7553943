"""What an address asks of the table of runs, read and written back; it refuses by name whatever it does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Expression, F, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.http import QueryDict

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.common.errors import Refused
from apps.runs.models import Experiment, Run
from apps.runs.outcomes import OUTCOMES

MOST_TEXT = 200
SHOWN = 60
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

OUTCOME = Case(
    *(When(condition, then=Value(rank)) for rank, (_, condition) in enumerate(OUTCOMES.values())),
    default=Value(len(OUTCOMES)),
    output_field=IntegerField(),
)
"""The place of a run's outcome in OUTCOMES, in SQL."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that rows can be ordered by. falls_first: whether the first press on its head puts the most on top."""

    key: str
    label: str
    by: Expression | F
    falls_first: bool = True


COLUMNS = {
    column.key: column
    for column in (
        Column("outcome", "outcome", OUTCOME, falls_first=False),
        Column("problem", "problem", F("problem__position"), falls_first=False),
        Column("chosen", "chosen", F("chosen_score")),
        Column("best", "best", F("best_score")),
        Column("below", "below best", F("best_score") - F("chosen_score")),
        Column("right", "right", F("right_count")),
        Column("tokens", "tokens", F("tokens_generated")),
        Column("steps", "steps", F("step_count")),
        Column("time", "time", F("ended_at") - F("started_at")),
    )
}
NAMES = ("outcome", "text", "sort", "page")


@dataclass(frozen=True, slots=True)
class RunTable:
    """Which runs of an experiment, in which order, which page of them.

    outcomes: keys of OUTCOMES in its order, none is all; text: found anywhere in the problem, case aside; sort: a key
    of COLUMNS, or "" for the order of birth; page: from 1. hidden: runs that whoever asks may not look at for now, of
    which there is neither row nor count.
    """

    outcomes: tuple[str, ...] = ()
    text: str = ""
    sort: str = ""
    falls: bool = False
    page: int = 1
    hidden: HiddenRuns = field(default=NOTHING_HIDDEN, repr=False, compare=False)

    @property
    def query(self) -> str:
        """The address that asks for this, after the question mark: only what differs from the start, in one order."""
        asked: list[tuple[str, str]] = [("outcome", key) for key in self.outcomes]
        if self.text:
            asked.append(("text", self.text))
        if self.sort:
            asked.append(("sort", f"-{self.sort}" if self.falls else self.sort))
        if self.page > 1:
            asked.append(("page", str(self.page)))
        return urlencode(asked)

    @property
    def is_filtered(self) -> bool:
        """Whether some runs may be left out."""
        return bool(self.outcomes or self.text)

    def with_outcome(self, key: str) -> RunTable:
        """The same with this outcome let in, or left out where it was in; its first page."""
        wanted = set(self.outcomes) ^ {key}
        return replace(self, outcomes=tuple(known for known in OUTCOMES if known in wanted), page=1)

    def sorted_by(self, key: str) -> RunTable:
        """The same in the order of a column, turned around where it was in that order; its first page."""
        falls = not self.falls if key == self.sort else COLUMNS[key].falls_first
        return replace(self, sort=key, falls=falls, page=1)

    def of(self, experiment: Experiment) -> QuerySet[Run]:
        """The runs asked for in their order; each has one place in it, whatever else is equal. Pages are not cut."""
        runs = self._narrowed(experiment)
        if not self.sort:
            return runs.order_by("id")
        return runs.order_by(OrderBy(COLUMNS[self.sort].by, descending=self.falls, nulls_last=True), "id")

    def ranked(self, experiment: Experiment) -> QuerySet[Run]:
        """The runs asked for in no order, each with its `rank`, by which they are ordered first."""
        return self._narrowed(experiment).annotate(rank=COLUMNS[self.sort].by if self.sort else F("id"))

    def _narrowed(self, experiment: Experiment) -> QuerySet[Run]:
        runs = self.with_text(experiment)
        wanted = Q()
        for key in self.outcomes:
            wanted |= OUTCOMES[key][1]
        return runs.filter(wanted)

    def with_text(self, experiment: Experiment) -> QuerySet[Run]:
        """The runs whose problem has the text, whatever their outcome, in no order."""
        runs = self.hidden.left_out(Run.objects.filter(experiment=experiment).order_by())
        if not self.text:
            return runs
        # The planner can tell how many statements hold a pattern, but not how many of UPPER(statement): among 100,000
        # runs icontains took 260 ms for a common word, where this takes 1 (2026-11).
        return runs.filter(problem__statement__iregex=re.escape(self.text))


def read_run_table(given: QueryDict, hidden: HiddenRuns = NOTHING_HIDDEN) -> RunTable:
    """What the address asks for, `hidden` left out. Raises Refused with a sentence a field for names and values nobody
    knows, for what is given twice and for a text that is too long or cannot be stored."""
    wrong = {name: f"Unknown field {_short(name)}. Known: {', '.join(NAMES)}." for name in given if name not in NAMES}
    wrong |= {
        name: f"Expected {name} once; found it {len(given.getlist(name))} times."
        for name in ("text", "sort", "page")
        if len(given.getlist(name)) > 1
    }
    read: dict[str, Any] = {}
    for name, reader in (("outcome", _outcomes), ("text", _text), ("sort", _sort), ("page", _page)):
        if name in given and name not in wrong:
            try:
                read |= reader(given.getlist(name))
            except ValueError as error:
                wrong[name] = str(error)
    if wrong:
        fields = {name[:SHOWN]: sentence for name, sentence in wrong.items()}
        raise Refused(" ".join(wrong.values()), code="bad_table", fields=fields)
    return RunTable(**read, hidden=hidden)


def _outcomes(values: list[str]) -> dict[str, Any]:
    for value in values:
        if value not in OUTCOMES:
            raise ValueError(f"Unknown outcome {_short(value)}. Known: {', '.join(OUTCOMES)}.")
    return {"outcomes": tuple(known for known in OUTCOMES if known in values)}


def _text(values: list[str]) -> dict[str, Any]:
    [text] = values
    if len(text) > MOST_TEXT:
        raise ValueError(f"Expected a text of at most {MOST_TEXT} characters; found {len(text):,}.")
    if "\0" in text:
        raise ValueError("Expected a text without the character U+0000, which no problem holds; found one with it.")
    return {"text": text.strip()}


def _sort(values: list[str]) -> dict[str, Any]:
    [value] = values
    key = value.removeprefix("-")
    if key not in COLUMNS:
        raise ValueError(
            f"Unknown order {_short(value)}. Known: {', '.join(COLUMNS)}, each with - in front for falling."
        )
    return {"sort": key, "falls": value.startswith("-")}


def _page(values: list[str]) -> dict[str, Any]:
    [value] = values
    if not PAGE_NUMBER.fullmatch(value):
        raise ValueError(f"Expected the number of a page, from 1; found {_short(value)}.")
    return {"page": int(value)}


def _short(value: str) -> str:
    return repr(value if len(value) <= SHOWN else value[:SHOWN] + "…")
