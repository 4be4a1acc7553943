"""Puts an imported PRM800K record together again, step by step, as its labeller saw it; it writes nothing.

What a record says that no column holds stands in the run's note (apps/imports/formats/prm800k.py); it is read from
there, so that nothing here needs the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from apps.accounts.models import Labeller
from apps.labels.models import Label
from apps.labels.selectors import current_labels
from apps.labels.verdicts import VERDICTS, Verdict
from apps.runs.models import Experiment, Run, RunEvent, Step, StepText

RECORD_FORMAT = "prm800k"
SHOWN_ELSEWHERE = frozenset(
    ("labeler", "question", "label", "levels", "unrated", "finish_reason", "ground_truth_answer", "pre_generated_steps")
)

FINISHES = {
    "solution": "Judged to its end: no step was found that a solution could not go on from.",
    "found_error": "Stopped at the first bad step, once what might have followed in its place was rated.",
    "give_up": "Gave up: neither a good step was offered, nor could the labeller write one.",
    "bad_problem": "Called the problem itself bad: it cannot be worked on as it is put.",
}


class Fact(NamedTuple):
    """A field that the page has no place of its own for. text: a text as it is, anything else as JSON."""

    name: str
    text: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class Completion:
    """One text that could follow, with what the labeller said of it.

    verdict: None where it was not rated; flagged: None where the record says neither yes nor no.
    """

    number: int
    text: str
    is_own: bool
    verdict: Verdict | None
    flagged: bool | None
    is_chosen: bool
    besides: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the record: what was offered for it in order, and the labeller's own last. offered: how many, None
    where the record has no list."""

    offered: int | None
    completions: tuple[Completion, ...]
    besides: tuple[Fact, ...]

    @property
    def went_on_with(self) -> int | None:
        """The step that the next level follows: the chosen one, else the labeller's own."""
        ways = [one for one in self.completions if one.is_chosen] or [one for one in self.completions if one.is_own]
        return ways[0].number if ways else None

    @property
    def said(self) -> str:
        """What became of the step, where no row shows it."""
        if not self.completions:
            return "Nothing was offered (an empty list)." if self.offered == 0 else "Nothing was offered (no list)."
        if any(completion.is_chosen for completion in self.completions):
            return ""
        own = any(completion.is_own for completion in self.completions)
        return "None was chosen: the labeller went on with a step of their own." if own else "None was chosen."


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A whole record. facts: of the labelling; question: of the problem; both by the file's own names. seconds: time it
    took, None where unknown. is_whole: whether all levels are known, which an earlier version of the import did not
    keep. unseen: steps of a solution written beforehand that the labeller did not come to.
    """

    labeller: Labeller
    phase: int
    finish: str
    seconds: float | None
    levels: tuple[Level, ...]
    is_whole: bool
    unseen: tuple[str, ...]
    facts: tuple[Fact, ...]
    question: tuple[Fact, ...]

    @property
    def flags(self) -> dict[str, int]:
        """How many completions the labeller flagged, did not flag, and of how many the record says neither."""
        said = [completion.flagged for level in self.levels for completion in level.completions]
        return {"yes": said.count(True), "no": said.count(False), "unsaid": said.count(None)}

    @property
    def sentence(self) -> str:
        """How it ended, in words; one that is not known is said as the file does."""
        return FINISHES.get(self.finish, f"Ended as the file says: {self.finish}.")


def is_record(run: Run) -> bool:
    """Whether a run was imported from a raw record; asks for nothing but its experiment."""
    experiment = run.experiment
    return (experiment.kind, experiment.strategy) == (Experiment.Kind.IMPORTED, RECORD_FORMAT)


def note_of(run: Run) -> dict[str, Any] | None:
    """What the record of a run says that no column holds, by the file's own names; None where it was no such record."""
    notes = RunEvent.objects.filter(run=run, kind="note", data__data__has_key="labeler").order_by("seq")
    found = notes.values_list("data", flat=True).first()
    return dict(found["data"]) if found else None


def labeller_of_record(run: Run, note: Mapping[str, Any], asked: int | None) -> Labeller | None:
    """Whose record of the run is meant: the labeller with that id, else the one that the file names."""
    labellers = Labeller.objects.filter(team=run.team_id).select_related("user")
    if asked is not None:
        return labellers.filter(pk=asked).first()
    return labellers.filter(user=None, name=note["labeler"]).first()


def record_of(run: Run, note: Mapping[str, Any], labeller: Labeller) -> LabelRecord:
    """What the labeller said of the run's record, of which `note` is the note; three queries."""
    tree = _Tree(run, labeller, {line["number"]: line for line in note["unrated"]})
    levels = tuple(tree.levels_kept(note["levels"]) if "levels" in note else tree.levels_deduced())
    question, label = note["question"], note["label"]
    milliseconds = label.get("total_time")
    return LabelRecord(
        labeller,
        1 if note["generation"] is None else 2,
        label["finish_reason"],
        milliseconds / 1000 if isinstance(milliseconds, int | float) else None,
        levels,
        "levels" in note,
        _unseen(levels, question.get("pre_generated_steps") or []),
        _facts({**note, **label}),
        _facts(question),
    )


def _unseen(levels: tuple[Level, ...], planned: list[str]) -> tuple[str, ...]:
    """The steps of the solution written beforehand that stand on no level; all of them where the levels differ."""
    firsts = [level.completions[0].text for level in levels if level.completions]
    return tuple(planned[len(firsts) :] if planned[: len(firsts)] == firsts else planned)


def _facts(fields: Mapping[str, Any]) -> tuple[Fact, ...]:
    others = ((name, value) for name, value in fields.items() if name not in SHOWN_ELSEWHERE)
    return tuple(
        Fact(name, value, True) if isinstance(value, str) else Fact(name, orjson.dumps(value).decode(), False)
        for name, value in others
    )


class _Tree:
    """The steps of a run by number and by parent, while the levels of its record are made of them."""

    def __init__(self, run: Run, labeller: Labeller, unrated: Mapping[int, Mapping[str, Any]]) -> None:
        self._run, self._unrated = run, unrated
        rows = Step.objects.filter(run=run).order_by("number")
        self._below: defaultdict[int, list[int]] = defaultdict(list)
        self._own: set[int] = set()
        for number, parent, kind in rows.values_list("number", "parent", "maker__kind"):
            self._below[parent].append(number)
            if kind == "person":
                self._own.add(number)
        self._texts = dict(StepText.objects.filter(run=run).values_list("number", "text"))
        self._labels = {label.number: label for label in current_labels(run.pk) if label.labeller_id == labeller.pk}

    def levels_kept(self, levels: list[dict[str, Any]]) -> Iterator[Level]:
        """The levels as the note has them: steps are numbered in the order in which the record has its completions."""
        first = 1
        for level in levels:
            offered, index = level["offered"], level["chosen"]
            numbers = range(first, first + (offered or 0) + bool(level["own"]))
            chosen = None if index is None else first + index
            first = numbers.stop
            yield Level(offered, self._completions(numbers, chosen), _facts(level.get("besides", {})))

    def levels_deduced(self) -> Iterator[Level]:
        """The levels as far as the tree tells, of a record whose import did not keep them: what has steps below it, or
        was chosen in the end, is what the labeller went on with."""
        tip = 0
        while numbers := self._below[tip]:
            tip = next((number for number in numbers if self._below[number] or number == self._run.chosen), -1)
            chosen = None if tip in self._own else tip
            offered = sum(number not in self._own for number in numbers)
            yield Level(offered, self._completions(numbers, chosen), ())

    def _completions(self, numbers: range | list[int], chosen: int | None) -> tuple[Completion, ...]:
        return tuple(self._completion(number, number == chosen) for number in numbers)

    def _completion(self, number: int, is_chosen: bool) -> Completion:
        label, line = self._labels.get(number), self._unrated.get(number, {})
        said = label.extra if label else line
        besides = dict(said.get("besides", {}))
        if said.get("source") is not None:
            besides["source"] = said["source"]
        verdict = VERDICTS.get(label.verdict) if label else None
        flagged = _flagged(label, said)
        return Completion(
            number, self._texts[number], number in self._own, verdict, flagged, is_chosen, _facts(besides)
        )


def _flagged(label: Label | None, said: Mapping[str, Any]) -> bool | None:
    """The row's own word where it says yes; else the file's, which may be neither yes nor no."""
    if label is not None and label.flagged:
        return True
    flagged = said.get("flagged")
    return flagged if isinstance(flagged, bool) else None
