"""What a person may not look at for now: runs they are still to judge, which a higher app puts in here.

It decides nothing about rights: whoever may settle, or may not label, is told of everything their role lets them see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from apps.accounts.access import ALLOWED
from apps.accounts.models import Role, Team, User
from apps.common.errors import Refused

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Hider:
    """A reason for hiding runs, put in by a higher app.

    any_for: whether there may be some for the person, by one small query; of_run: the condition under which a query
    hides the run that its field of that name holds; among: which of some runs are hidden; why: the refusal of a run for
    the person, None where it is not hidden.
    """

    any_for: Callable[[Team, User], bool]
    of_run: Callable[[Team, User, str], Q]
    among: Callable[[Team, User, Collection[int]], set[int]]
    why: Callable[[Team, User, int], Hidden | None]


HIDERS: list[Hider] = []


class Hidden(Refused):
    """The refusal of a run that waits for the person's own judgement; leads to where they give it."""

    def __init__(self, message: str, *, words: str, address: str) -> None:
        """words, address: of the link to there."""
        leads_to = {"words": words, "address": address}
        super().__init__(message, code="hidden", status=403, also={"leads_to": leads_to})


def register(hider: Hider) -> None:
    """Put in a reason for hiding runs. Raises ValueError for one that is in already."""
    if hider in HIDERS:
        raise ValueError("This reason for hiding runs is registered already; each is put in once.")
    HIDERS.append(hider)


class HiddenRuns:
    """The runs that are hidden from one person in one team; of nobody none are.

    Nothing is asked of the database before it is needed, and nothing but one small query for somebody from whom none
    is hidden."""

    def __init__(self, *whose: tuple[Team, User]) -> None:
        self._whose = whose

    @cached_property
    def _hiders(self) -> list[tuple[Hider, Team, User]]:
        asked = [(hider, team, user) for hider in HIDERS for team, user in self._whose]
        return [(hider, team, user) for hider, team, user in asked if hider.any_for(team, user)]

    def __bool__(self) -> bool:
        """Whether any may be hidden."""
        return bool(self._hiders)

    def left_out(self, rows: QuerySet[Row], run: str = "pk") -> QuerySet[Row]:
        """The rows without those of hidden runs; run: the rows' field that holds the run's id."""
        for hider, team, user in self._hiders:
            rows = rows.exclude(hider.of_run(team, user, run))
        return rows

    def alone(self, rows: QuerySet[Row], run: str = "pk") -> QuerySet[Row]:
        """The rows of hidden runs and no others."""
        conditions = [hider.of_run(team, user, run) for hider, team, user in self._hiders]
        return rows.filter(reduce(or_, conditions)) if conditions else rows.none()

    def among(self, runs: Collection[int]) -> set[int]:
        """Which of some runs are hidden, by their ids."""
        return {run for hider, team, user in self._hiders for run in hider.among(team, user, runs)}

    def why(self, run: int) -> Hidden | None:
        """The refusal of a run, None for one that may be looked at; one query."""
        reasons = (hider.why(team, user, run) for hider in HIDERS for team, user in self._whose)
        return next((reason for reason in reasons if reason is not None), None)

    def refuse(self, *runs: int) -> None:
        """Raises Hidden for the first of the runs that is hidden; a query each."""
        for run in runs:
            if (reason := self.why(run)) is not None:
                raise reason


NOTHING_HIDDEN = HiddenRuns()
"""For what is done for nobody in particular: commands, workers, files."""


def hidden_runs(user: User, team: Team, role: str) -> HiddenRuns:
    """What is hidden from a member with that role: of those who label, from whoever may not settle."""
    verbs = ALLOWED[Role(role)]
    return HiddenRuns((team, user)) if "label" in verbs and "settle" not in verbs else NOTHING_HIDDEN
