"""Labels as they stand now, for a run or a step; it changes nothing and decides nothing but what is current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from apps.labels.models import Adjudication, Label, OwnStep
from apps.labels.verdicts import TAKEN_BACK, standing_verdict

LONGEST_HISTORY = 500


def current_labels(run_id: int, number: int | None = None) -> list[Label]:
    """The current label of every labeller on every step of a run, or on one step; one query, by step and age.

    Of a labeller's rows on a step the newest is current, and where that one takes the earlier back there is none.
    """
    rows: QuerySet[Label] = Label.objects.filter(run_id=run_id).select_related("labeller__user")
    if number is not None:
        rows = rows.filter(number=number)
    newest = rows.order_by("number", "labeller", "-id").distinct("number", "labeller")
    return sorted(
        (label for label in newest if label.verdict != TAKEN_BACK), key=lambda label: (label.number, label.id)
    )


def own_newest(run_id: int, user_id: int | None) -> dict[str, str]:
    """The client_uuid of the last thing the person said of each step, by number as text; one query.

    What takes a verdict back is included, what a submission said in their stead is not: it is what a label of theirs
    that comes next says to follow.
    """
    rows = Label.objects.filter(run_id=run_id, labeller__user=user_id).exclude(extra__has_key="implied")
    newest = rows.order_by("number", "-id").distinct("number").values_list("number", "client_uuid")
    return {str(number): str(uuid) for number, uuid in newest}


def history_of(run_id: int, number: int) -> list[Label | Adjudication | OwnStep]:
    """All that people said of a step, what was replaced and taken back included, what they wrote in its place, and what
    was settled about it, oldest first; of very much the latest LONGEST_HISTORY of each. Three queries."""
    labels = Label.objects.filter(run_id=run_id, number=number)
    settled = Adjudication.objects.filter(run_id=run_id, number=number).select_related("settled_by__user")
    written = OwnStep.objects.filter(run_id=run_id, instead_of=number).select_related("labeller__user")
    rows: list[Label | Adjudication | OwnStep] = [
        *labels.select_related("labeller__user", "guideline_version__guideline").order_by("-id")[:LONGEST_HISTORY],
        *settled.order_by("-id")[:LONGEST_HISTORY],
        *written.order_by("-id")[:LONGEST_HISTORY],
    ]
    return sorted(rows, key=lambda row: (row.created_at, row.pk))


def settled_verdicts(run_id: int, number: int | None = None) -> dict[int, str]:
    """The verdict of the latest adjudication, by step number; one query."""
    rows: QuerySet[Adjudication] = Adjudication.objects.filter(run_id=run_id)
    if number is not None:
        rows = rows.filter(number=number)
    newest = rows.order_by("number", "-id").distinct("number")
    return dict(newest.values_list("number", "verdict"))


def standing_verdicts(run_id: int) -> dict[int, str]:
    """The standing verdict of every step of a run that has one, by number; two queries."""
    return verdicts_that_stand(current_labels(run_id), settled_verdicts(run_id))


def standing_verdict_of(run_id: int, number: int) -> str | None:
    """The standing verdict of one step, None where none stands; two queries."""
    return verdicts_that_stand(current_labels(run_id, number), settled_verdicts(run_id, number)).get(number)


def verdicts_that_stand(current: Iterable[Label], settled: Mapping[int, str]) -> dict[int, str]:
    """The standing verdicts by step number, given what is current and what was settled."""
    said: defaultdict[int, list[str]] = defaultdict(list)
    for label in current:
        said[label.number].append(label.verdict)
    standing = ((number, standing_verdict(settled.get(number), said[number])) for number in sorted({*said, *settled}))
    return {number: verdict for number, verdict in standing if verdict is not None}
