"""What a labeller writes in a turn besides verdicts: steps of their own, and what they say of critiques of others.

Whose critique it is nobody learns here, and none before they have judged the step themselves.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from apps.common.errors import Refused
from apps.labels.models import Assignment, CritiqueRating, Label, OwnStep
from apps.labels.said import storable_text
from apps.labels.selectors import current_labels
from apps.labels.turn_reading import own_words
from apps.labels.verdicts import BAD, TAKEN_BACK, known_verdict
from apps.runs.models import Step


def add_own_step(turn: Assignment, *, parent: int, instead_of: int | None, text: str, client_uuid: UUID) -> OwnStep:
    """Store what should follow a step (0: the question), or with an empty text take the earlier back.

    instead_of: the step below that parent whose place it takes. The same client_uuid again is the same row. Raises
    Refused for a step that is not in the turn's run (404), a text that cannot be stored, and a client_uuid that was
    used for something else (409).
    """
    text = storable_text("text", text)
    steps = Step.objects.filter(run=turn.task.run_id)
    if parent and not steps.filter(number=parent).exists():
        raise _no_step("parent", parent)
    if instead_of is not None and not steps.filter(number=instead_of, parent=parent).exists():
        raise _no_step("instead_of", instead_of)
    place = {"run_id": turn.task.run_id, "parent": parent, "instead_of": instead_of, "labeller_id": turn.labeller_id}
    row = OwnStep(**place, team_id=turn.task.queue.team_id, assignment=turn, text=text, client_uuid=client_uuid)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = OwnStep.objects.filter(client_uuid=client_uuid).first()
        same = {**place, "text": text}
        if found is None or any(getattr(found, name) != value for name, value in same.items()):
            raise _other_row(client_uuid) from None
        return found
    return row


def critiques_on(turn: Assignment, number: int) -> list[dict[str, Any]]:
    """The critiques that others wrote on a step, oldest first, and what the reader says of each; two queries and one.

    mine: what they say now, empty for nothing; chain: all they said of it, oldest first, as undo needs it.

    Raises PermissionDenied where the reader has not called the step bad: nobody is told what others found before.
    """
    _judged_bad(turn, number)
    rows = [row for row in current_labels(turn.task.run_id, number) if row.critique]
    others = [row for row in rows if row.labeller_id != turn.labeller_id]
    said: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for rating in CritiqueRating.objects.filter(label__in=others, labeller=turn.labeller_id).order_by("id"):
        said[rating.label_id].append(_rating(rating))
    return [
        {
            "label": row.pk,
            "text": row.critique,
            "mine": said[row.pk][-1]["verdict"] if said[row.pk] else "",
            "chain": said[row.pk],
        }
        for row in others
    ]


def _rating(row: CritiqueRating) -> dict[str, Any]:
    return {
        "verdict": row.verdict,
        "client_uuid": str(row.client_uuid),
        "at": row.created_at.isoformat(),
        "turn": row.assignment_id,
    }


def rate_critique(turn: Assignment, label: int, *, verdict: str, client_uuid: UUID) -> CritiqueRating:
    """Store what the reader says of another's critique, or with an empty verdict take that back.

    The same client_uuid again is the same row. Raises Http404 for a label that is no such critique, PermissionDenied
    where the reader has not called its step bad, Refused for an unknown verdict and a client_uuid used for something
    else (409).
    """
    if verdict != TAKEN_BACK and known_verdict(verdict).rating is None:
        found = f"Expected bad, neutral or good of a critique; found {verdict!r}."
        raise Refused(found, code="unknown-verdict", fields={"verdict": found})
    row = Label.objects.filter(pk=label, run=turn.task.run_id).exclude(critique="").first()
    if row is None or row.labeller_id == turn.labeller_id:
        raise Http404
    _judged_bad(turn, row.number)
    given = {"label_id": row.pk, "labeller_id": turn.labeller_id, "verdict": verdict}
    try:
        with transaction.atomic():
            return CritiqueRating.objects.create(**given, client_uuid=client_uuid, assignment=turn)
    except IntegrityError:
        stored = CritiqueRating.objects.filter(client_uuid=client_uuid).first()
        if stored is None or any(getattr(stored, name) != value for name, value in given.items()):
            raise _other_row(client_uuid) from None
        return stored


def _judged_bad(turn: Assignment, number: int) -> None:
    words = own_words(turn.task.run_id, turn.labeller_id, [number]).get(number)
    if words is None or words.verdict != BAD.key:
        raise PermissionDenied(
            f"Expected a step that you have called bad; found step {number}. Judge it first: what others wrote of it "
            "is shown after that."
        )


def _no_step(name: str, number: int) -> Refused:
    found = f"Expected a step of the turn's tree; found {number}. Reload the page."
    return Refused(found, code="no-such-step", status=404, fields={name: found})


def _other_row(client_uuid: UUID) -> Refused:
    message = f"{client_uuid} was stored with something else. Send a new uuid."
    return Refused(message, code="other-row", status=409, fields={"client_uuid": "Expected one not used before."})
