"""What an address asks of the table of problems of a set, read and written back; unknown names are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, FloatField, IntegerField, OrderBy, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import QueryDict

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.common.errors import Refused
from apps.problems.filters import READERS, ProblemFilter, read_filter
from apps.problems.models import Problem, ProblemSet
from apps.runs.figures import CHECKERS_ALONE
from apps.runs.models import Experiment, Run
from apps.runs.selectors import CHOSEN_ANSWER
from apps.runs.states import RunStatus

SORTS = {"position": False, "difficulty": True, "runs": True, "rate": False}
"""The columns that problems can be ordered by, and whether the first press on the head puts the most on top."""

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
NAMES = (*READERS, "sort", "page")
_SHOWN = 60

# A fork began in the middle of another run, so that what it came to says nothing of the problem.
COUNTED = ~Q(experiment__kind=Experiment.Kind.FORK)
# A run that chose no answer failed, whatever the steps it left aside had said, wherever an answer could have been told
# right or wrong. As in selectors.py, an answer is looked for only where the run's own column does not tell.
_TELLABLE = Q(problem__checker__in=CHECKERS_ALONE) | (~Q(problem__checker="") & ~Q(problem__answer=""))
JUDGED = Q(status=RunStatus.FINISHED) & (Q(correct__isnull=False) | (_TELLABLE & Q(~Exists(CHOSEN_ANSWER))))


@dataclass(frozen=True, slots=True)
class ProblemTable:
    """Which problems of a set, in which order, which page of them (from 1). hidden: runs that whoever asks may not look
    at for now, which give no problem its place."""

    wanted: ProblemFilter = field(default_factory=ProblemFilter)
    sort: str = "position"
    falls: bool = False
    page: int = 1
    hidden: HiddenRuns = field(default=NOTHING_HIDDEN, repr=False, compare=False)

    @property
    def query(self) -> str:
        """The address that asks for this, after the question mark: only what differs from the start, in one order."""
        asked: list[tuple[str, str]] = [(name, typed(value)) for name, value in self.wanted.as_json().items()]
        if self.sort != "position" or self.falls:
            asked.append(("sort", self.sort_value))
        if self.page > 1:
            asked.append(("page", str(self.page)))
        return urlencode(asked)

    @property
    def sort_value(self) -> str:
        """The order as an address says it."""
        return f"-{self.sort}" if self.falls else self.sort

    def sorted_by(self, key: str) -> ProblemTable:
        """The same in the order of a column, turned around where it was in that order; its first page."""
        return replace(self, sort=key, falls=not self.falls if key == self.sort else SORTS[key], page=1)

    def of(self, problem_set: ProblemSet) -> QuerySet[Problem]:
        """The problems asked for in their order; each has one place in it. Pages are not cut."""
        problems = self.wanted.of(problem_set)
        by: Any = F(self.sort)
        if self.sort == "runs":
            problems, by = problems.annotate(run_count=self._per_problem(Count("pk"))), F("run_count")
        elif self.sort == "rate":
            # Nulls, of problems that nobody was judged on, stand last either way.
            right, judged = Count("pk", filter=JUDGED & Q(correct=True)), Count("pk", filter=JUDGED)
            problems = problems.annotate(right_count=self._per_problem(right), judged_count=self._per_problem(judged))
            problems = problems.annotate(solve_rate=_share(F("right_count"), F("judged_count")))
            by = F("solve_rate")
        return problems.order_by(OrderBy(by, descending=self.falls, nulls_last=True), "position")

    def _per_problem(self, count: Count) -> Coalesce:
        counted = Run.objects.filter(COUNTED, problem=OuterRef("pk")).order_by()
        runs = self.hidden.left_out(counted).values("problem")
        return Coalesce(Subquery(runs.annotate(n=count).values("n"), output_field=IntegerField()), Value(0))


def typed(value: object) -> str:
    """A value of a filter as people type it: 3.0 is 3."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_problem_table(given: QueryDict, hidden: HiddenRuns = NOTHING_HIDDEN) -> ProblemTable:
    """What the address asks for. Raises Refused with a sentence a field for names and values nobody knows and for what
    is given twice."""
    wrong = {
        name: f"Unknown field {name[:_SHOWN]!r}. Known: {', '.join(NAMES)}." for name in given if name not in NAMES
    }
    wrong |= {
        name: f"Expected {name} once; found it {len(given.getlist(name))} times."
        for name in NAMES
        if len(given.getlist(name)) > 1
    }
    wanted = ProblemFilter()
    try:
        wanted = read_filter({name: given[name] for name in READERS if name in given and name not in wrong})
    except Refused as refused:
        wrong |= refused.fields
    sort, page = given.get("sort") or "position", given.get("page") or "1"
    if sort.removeprefix("-") not in SORTS:
        wrong["sort"] = f"Expected one of {', '.join(SORTS)}, with - in front for falling; found {sort[:_SHOWN]!r}."
    if not PAGE_NUMBER.fullmatch(page):
        wrong["page"] = f"Expected the number of a page, from 1; found {page[:_SHOWN]!r}."
    if wrong:
        fields = {name[:_SHOWN]: sentence for name, sentence in wrong.items()}
        raise Refused(" ".join(f"{name}: {text}" for name, text in fields.items()), code="bad-table", fields=fields)
    return ProblemTable(wanted, sort.removeprefix("-"), sort.startswith("-"), int(page), hidden)


def _share(right: F, judged: F) -> Any:
    return Cast(right, FloatField()) / NullIf(Cast(judged, FloatField()), Value(0.0))
