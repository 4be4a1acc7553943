"""What an address asks of the list of experiments, read and written back; it refuses by name whatever it does not know.

Forks are left out unless they are asked for: a team that tries things out makes many times more of them than searches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OrderBy, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Experiment, Run
from apps.runs.rows import storable
from apps.runs.selectors import ACCURACY, experiments_of, figure_of
from apps.runs.states import ExperimentState, RunStatus

MOST_TEXT = 200
MOST_PAGES = 10**6
SHOWN = 60
KINDS = {
    Experiment.Kind.SEARCH.value: "searches",
    Experiment.Kind.IMPORTED.value: "imports",
    Experiment.Kind.FORK.value: "forks",
}
USUAL_KINDS = (Experiment.Kind.SEARCH.value, Experiment.Kind.IMPORTED.value)
_LEFT = Q(Exists(Run.objects.filter(experiment=OuterRef("pk"), status__in=(RunStatus.WAITING, RunStatus.RUNNING))))
STATES = {
    "running": _LEFT & Q(state=ExperimentState.ACTIVE),
    "paused": _LEFT & Q(state=ExperimentState.PAUSED),
    "finished": ~_LEFT & ~Q(state=ExperimentState.CANCELLED),
    "cancelled": Q(state=ExperimentState.CANCELLED),
}
COLUMNS: dict[str, F | Subquery] = {
    "name": F("name"),
    "problems": F("problem_set__name"),
    "strategy": F("strategy"),
    "engine": F("engine"),
    "runs": figure_of(Count("id")),
    "accuracy": figure_of(ACCURACY),
    "steps": figure_of(Sum("step_count")),
    "tokens": figure_of(Sum("tokens_generated")),
    "started": F("id"),
}
NEWEST_FIRST = "-started"
# Columns whose first press puts the most on top.
MOST_FIRST = frozenset({"runs", "accuracy", "steps", "tokens", "started"})
ORDERS = (*COLUMNS, *(f"-{key}" for key in COLUMNS))


@dataclass(frozen=True, slots=True)
class ExperimentTable:
    """Which experiments of a team, in which order, which page of them.

    kinds, states: keys of KINDS and STATES in their order; no state is all of them. text: found in the name, in the
    problem set's or in the strategy's key, case aside. sort: one of ORDERS. page: from 1.
    """

    kinds: tuple[str, ...] = USUAL_KINDS
    states: tuple[str, ...] = ()
    text: str = ""
    sort: str = NEWEST_FIRST
    page: int = 1

    @property
    def query(self) -> str:
        """The address that asks for this, after the question mark: only what differs from the start, in one order."""
        asked = [("kind", key) for key in self.kinds] if self.kinds != USUAL_KINDS else []
        asked += [("state", key) for key in self.states]
        rest = (("text", self.text, ""), ("sort", self.sort, NEWEST_FIRST), ("page", str(self.page), "1"))
        return urlencode([*asked, *((name, value) for name, value, usual in rest if value != usual)])

    @property
    def is_filtered(self) -> bool:
        """Whether something but forks may be left out."""
        return bool(self.states or self.text or set(USUAL_KINDS) - set(self.kinds))

    def with_kind(self, key: str) -> ExperimentTable:
        """The same with this kind let in, or left out where it was in; never none at all. Its first page."""
        wanted = set(self.kinds) ^ {key}
        return replace(self, kinds=tuple(known for known in KINDS if known in wanted) or USUAL_KINDS, page=1)

    def with_state(self, key: str) -> ExperimentTable:
        """The same with this state let in, or left out where it was in; its first page."""
        wanted = set(self.states) ^ {key}
        return replace(self, states=tuple(known for known in STATES if known in wanted), page=1)

    def sorted_by(self, key: str) -> ExperimentTable:
        """The same in the order of a column, turned around where it was in that order; its first page."""
        first, second = (f"-{key}", key) if key in MOST_FIRST else (key, f"-{key}")
        return replace(self, sort=second if self.sort == first else first, page=1)

    def of(self, team: Team, hidden: HiddenRuns = NOTHING_HIDDEN) -> QuerySet[Experiment]:
        """The team's experiments that are asked for, each with one place in the order. Pages are not cut. What hidden
        runs came to gives no experiment its place."""
        key = self.sort.removeprefix("-")
        by = figure_of(ACCURACY, hidden) if key == "accuracy" and hidden else COLUMNS[key]
        order = OrderBy(by, descending=self.sort.startswith("-"), nulls_last=True)
        return self._narrowed(experiments_of(team)).filter(kind__in=self.kinds).order_by(order, "-id")

    def kind_counts(self, team: Team) -> dict[str, int]:
        """How many experiments of each kind pass all but the filter of kinds; one query."""
        counted = self._narrowed(Experiment.objects.filter(team=team)).order_by().values_list("kind")
        return dict.fromkeys(KINDS, 0) | dict(counted.annotate(count=Count("id")))

    def _narrowed(self, experiments: QuerySet[Experiment]) -> QuerySet[Experiment]:
        passes = Q()
        for key in self.states:
            passes |= STATES[key]
        if self.text:
            text = self.text
            passes &= Q(name__icontains=text) | Q(problem_set__name__icontains=text) | Q(strategy__icontains=text)
        return experiments.filter(passes)


def read_experiment_table(given: QueryDict) -> ExperimentTable:
    """What the address asks for. Raises Refused with a sentence a field for names and values nobody knows, for what is
    given twice and for a text that is too long or cannot be stored."""
    known = ", ".join(READERS)
    wrong = {name: f"Unknown field {_short(name)}. Known: {known}." for name in given if name not in READERS}
    read: dict[str, Any] = {}
    for name, (field, reader) in READERS.items():
        if name in given:
            try:
                read[field] = reader(name, given.getlist(name))
            except ValueError as error:
                wrong[name] = str(error)
    if wrong:
        fields = {name[:SHOWN]: sentence for name, sentence in wrong.items()}
        raise Refused(" ".join(wrong.values()), code="bad_table", fields=fields)
    return ExperimentTable(**read)


def _keys(name: str, values: list[str], known: Mapping[str, object]) -> tuple[str, ...]:
    for value in values:
        _check(name, value, known)
    return tuple(key for key in known if key in values)


def _check(name: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise ValueError(f"Unknown {name} {_short(value)}. Known: {', '.join(known)}.")


def _once(name: str, values: list[str]) -> str:
    if len(values) != 1:
        raise ValueError(f"Expected {name} once; found it {len(values)} times.")
    return values[0]


def _text(name: str, values: list[str]) -> str:
    text = _once(name, values)
    if len(text) > MOST_TEXT or text != storable(text):
        found = f"{len(text):,}" if len(text) > MOST_TEXT else "one that no text can hold"
        raise ValueError(f"Expected a text of at most {MOST_TEXT} characters; found {found}.")
    return text.strip()


def _sort(name: str, values: list[str]) -> str:
    value = _once(name, values)
    _check("order", value, ORDERS)
    return value


def _page(name: str, values: list[str]) -> int:
    value = _once(name, values)
    if not (value.isascii() and value.isdigit() and len(value) < 8 and 1 <= int(value) <= MOST_PAGES):
        raise ValueError(f"Expected the number of a page, from 1; found {_short(value)}.")
    return int(value)


READERS: dict[str, tuple[str, Callable[[str, list[str]], Any]]] = {
    "kind": ("kinds", lambda name, values: _keys(name, values, KINDS)),
    "state": ("states", lambda name, values: _keys(name, values, STATES)),
    "text": ("text", _text),
    "sort": ("sort", _sort),
    "page": ("page", _page),
}


def _short(value: str) -> str:
    return repr(value if len(value) <= SHOWN else value[:SHOWN] + "…")
