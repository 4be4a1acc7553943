"""Finds steps of one run by what only the server knows of them: text, answer, and events that no column tells.

It reads the texts themselves, within the run's own range of their primary key, and no index: of 100,000 steps of 320
characters that took 90 to 150 ms (2 cores, November 2026). It never goes past the run.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Lower, StrIndex
from django.db.models.lookups import GreaterThan

from apps.common.deadlines import TookTooLong, at_most
from apps.common.errors import Refused
from apps.runs.models import Answer, Run, RunEvent, Step, StepText, Visit
from apps.runs.rows import storable
from apps.trees.words import read_terms

STEPS_AT_ONCE = 100_000
MOST_SECONDS = 3.0
MOST_NUMBERS = 200_000
MOST_TEXT = 200

_EVENT_NUMBER = Cast(KeyTransform("number", "data"), IntegerField())
KINDS: dict[str, QuerySet[Any]] = {
    "pruned": Step.objects.filter(pruned__isnull=False),
    "chosen": Step.objects.filter(chosen__isnull=False),
    "right": Answer.objects.filter(correct=True),
    "wrong": Answer.objects.filter(correct=False),
    "unknown": Answer.objects.filter(correct__isnull=True),
    "edited": Step.objects.filter(origin="edited"),
    "inherited": Step.objects.filter(origin="inherited"),
    "forced": Step.objects.filter(origin="forced"),
    "repeated": RunEvent.objects.filter(kind="step-repeated").annotate(number=_EVENT_NUMBER),
    "revisited": Visit.objects.all(),
}
"""What can have happened to a step, by the word an address has for it: rows that name the steps it happened to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What steps are looked for; a step found has all of what is given. text: terms as read_terms takes them; answer: a
    part of the answer's text, or its whole class; kind: a key of KINDS."""

    text: str = ""
    answer: str = ""
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.text or self.answer or self.kind)


@dataclass(frozen=True, slots=True)
class Found:
    """numbers: of the steps found, rising, MOST_NUMBERS at most; total: how many there are of them; searched: up to
    which step was looked; partial: whether there may be more steps than these numbers."""

    numbers: list[int]
    total: int
    searched: int
    partial: bool


def read_wanted(text: str, answer: str, kind: str) -> Wanted:
    """What is looked for. Raises Refused, a sentence a field, for what is too long, not storable or not known."""
    wrong: dict[str, str] = {}
    for name, given in (("text", text), ("answer", answer)):
        if len(given) > MOST_TEXT or given != storable(given):
            found = f"{len(given):,}" if len(given) > MOST_TEXT else "one that no text can hold"
            wrong[name] = f"{name}: expected at most {MOST_TEXT} characters; found {found}."
    if kind and kind not in KINDS:
        wrong["kind"] = f"Unknown kind {kind[:40]!r}. Known: {', '.join(KINDS)}."
    wanted = Wanted(text.strip(), answer.strip(), kind)
    if not wrong and wanted.is_empty:
        wrong["text"] = "Expected text, answer or kind to look for; found none of them."
    if wrong:
        raise Refused(" ".join(wrong.values()), code="bad-query", fields=wrong)
    return wanted


def find_steps(run: Run, wanted: Wanted, *, most_seconds: float = MOST_SECONDS) -> Found:
    """The steps of a run that are as wanted, from the first on until `most_seconds` are over."""
    give_up_at = time.monotonic() + most_seconds
    numbers: list[int] = []
    after, last = 0, run.step_count
    while after < last:
        left = give_up_at - time.monotonic()
        if left <= 0:
            break
        upto = min(after + STEPS_AT_ONCE, last)
        try:
            with at_most(left):
                numbers += _within(run, wanted, after, upto)
        except TookTooLong:
            break
        after = upto
    is_cut = len(numbers) > MOST_NUMBERS
    return Found(numbers[:MOST_NUMBERS], len(numbers), after, after < last or is_cut)


def _within(run: Run, wanted: Wanted, after: int, upto: int) -> list[int]:
    """The steps after one and up to another that are as wanted, rising; in as many queries as things are wanted."""
    found: set[int] | None = None
    for rows in _asked(wanted):
        numbers = rows.filter(run=run, number__gt=after, number__lte=upto).values_list("number", flat=True)
        found = set(numbers) if found is None else found.intersection(numbers)
        if not found:
            break
    return sorted(found or ())


def _asked(wanted: Wanted) -> Iterator[QuerySet[Any]]:
    # The narrow tables first: where they have nothing, no text is read.
    if wanted.kind:
        yield KINDS[wanted.kind].order_by()
    if wanted.answer:
        yield Answer.objects.filter(Q(holds(wanted.answer)) | Q(class_key__iexact=wanted.answer))
    terms = read_terms(wanted.text)
    if terms:
        yield StepText.objects.filter(holds_all(terms))


def holds_all(parts: Iterable[str]) -> Q:
    """Whether a row's text holds each of these parts."""
    each = Q()
    for part in parts:
        each &= Q(holds(part))
    return each


def holds(part: str, field: str = "text") -> GreaterThan:
    """Whether a field of a row holds a part, case aside as the database knows it, of field and part alike."""
    return GreaterThan(StrIndex(Lower(field), Lower(Value(part))), 0)
