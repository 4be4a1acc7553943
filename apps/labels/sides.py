"""What people say of a step, side by side: under letters until the step is settled, under names afterwards. What it
hands on for a page holds no name that must not be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from apps.accounts.models import Labeller
from apps.labels.models import Adjudication, GuidelineVersion, Label, OwnStep
from apps.labels.settling import RULES
from apps.labels.verdicts import VERDICTS, Verdict

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Side:
    """One person's current verdict. who: a letter, or whose name may be told; at: None while names are hidden, since a
    time can tell who it was; is_implied: that the step is good was not said, but follows from where they found the
    first mistake."""

    who: str | Labeller
    verdict: Verdict
    label: Label
    at: datetime | None
    is_implied: bool

    @property
    def guideline(self) -> GuidelineVersion | None:
        """The version it was given under."""
        return self.label.guideline_version


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a step's history in words. who: a letter, or whose name may be told; kind: label, adjudication or
    own-step; verdict: None where one was taken back or opened again; rule: in words, of an adjudication; text: of a
    step that somebody wrote."""

    kind: str
    who: str | Labeller
    at: datetime | None
    verdict: Verdict | None = None
    reason: str = ""
    critique: str = ""
    text: str = ""
    rule: str = ""
    flagged: bool = False
    guideline: GuidelineVersion | None = None


class Names:
    """What each labeller of a step stands under: a letter, or they themselves. The letters go round by chance that is
    the same each time, so that no letter is the same person on every step."""

    def __init__(self, run: int, number: int, rows: Iterable[Label | OwnStep], *, hidden: bool) -> None:
        people: dict[int, Labeller] = {row.labeller_id: row.labeller for row in rows}
        drawn = sorted(people, key=lambda pk: sha256(f"{run}:{number}:{pk}".encode()).digest())
        self.hidden = hidden
        self._called = {pk: _letters(place) if hidden else people[pk] for place, pk in enumerate(drawn)}
        self._places = {pk: place for place, pk in enumerate(drawn)}

    def of(self, row: Label | OwnStep) -> str | Labeller:
        """The letter of the row's labeller, or the labeller."""
        return self._called[row.labeller_id]

    def place(self, row: Label | OwnStep) -> int:
        """Where they stand among the others."""
        return self._places[row.labeller_id]

    def at(self, row: Label | OwnStep) -> datetime | None:
        """When it was said, where that may be told."""
        return None if self.hidden else row.created_at


def sides_of(current: Sequence[Label], names: Names) -> list[Side]:
    """The current labels of a step, a side each, in the order of their letters."""
    return [
        Side(names.of(label), VERDICTS[label.verdict], label, names.at(label), "implied" in label.extra)
        for label in sorted(current, key=names.place)
    ]


def entries_of(history: Iterable[Label | Adjudication | OwnStep], names: Names) -> list[Entry]:
    """The history of a step in words, in the order it is given in."""
    return [_entry(row, names) for row in history]


def _entry(row: Label | Adjudication | OwnStep, names: Names) -> Entry:
    if isinstance(row, Adjudication):
        verdict, rule = VERDICTS.get(row.verdict), RULES.get(row.rule, row.rule)
        return Entry("adjudication", row.settled_by, row.created_at, verdict, row.reason, rule=rule)
    if isinstance(row, OwnStep):
        return Entry("own-step", names.of(row), names.at(row), text=row.text)
    return Entry(
        "label",
        names.of(row),
        names.at(row),
        verdict=VERDICTS.get(row.verdict),
        reason=row.reason,
        critique=row.critique,
        flagged=row.flagged,
        guideline=row.guideline_version,
    )


def _letters(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as columns of a sheet are called."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters
