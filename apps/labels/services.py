"""Adds what people say of steps and settles where they differ; it never changes or deletes a row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import orjson
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.models import Adjudication, Label
from apps.labels.selectors import current_labels
from apps.labels.verdicts import TAKEN_BACK, known_verdict
from apps.runs.models import Step

REASON_LIMIT = 10_000

# The step is looked up by the statement that stores the label, so neither can be without the other.
INSERT_LABEL = """
    INSERT INTO labels_label (team_id, run_id, number, labeller_id, verdict, reason, client_uuid, scores_in_view,
                              seconds, extra, created_at)
    SELECT run.team_id, step.run_id, step.number, %(labeller_id)s, %(verdict)s, %(reason)s, %(client_uuid)s,
           %(scores_in_view)s, %(seconds)s, '{}', %(created_at)s
    FROM runs_step step JOIN runs_run run ON run.id = step.run_id
    WHERE run.team_id = %(team_id)s AND step.run_id = %(run_id)s AND step.number = %(number)s
    ON CONFLICT (team_id, client_uuid) DO NOTHING
    RETURNING id
"""

COPY_LABELS = """
    COPY labels_label (team_id, run_id, number, labeller_id, verdict, reason, client_uuid, seconds, extra, created_at)
    FROM STDIN
"""


class ImportedLabel(NamedTuple):
    """A label as a file has it. seconds: time taken, None where unknown; extra: what the file says besides, as JSON."""

    run_id: int
    number: int
    labeller_id: int
    verdict: str
    created_at: datetime
    seconds: float | None
    extra: Mapping[str, Any]


def add_label(
    *,
    team: Team,
    labeller: Labeller,
    run: int,
    number: int,
    verdict: str,
    client_uuid: UUID,
    scores_in_view: bool | None,
    seconds: float | None = None,
    reason: str = "",
) -> Label:
    """Store one verdict, or with an empty one that the labeller takes the earlier back; at most two queries.

    The same client_uuid again is the same label: nothing is added and the stored one comes back. Raises Refused for an
    unknown verdict, a reason or time that cannot be stored, a step that is not in a run of the team (404), and a
    client_uuid that was used for something else (409).
    """
    if verdict != TAKEN_BACK:
        known_verdict(verdict)
    label = Label(
        team=team,
        run_id=run,
        number=number,
        labeller=labeller,
        verdict=verdict,
        reason=storable_reason(reason),
        client_uuid=client_uuid,
        scores_in_view=scores_in_view,
        seconds=storable_seconds(seconds),
        created_at=timezone.now(),
    )
    label.pk = _inserted(label)
    return label if label.pk else _delivered_before(label)


def _inserted(label: Label) -> int | None:
    """Insert a label and give its id; None where the step is not there or the client_uuid is."""
    columns = ("team_id", "run_id", "number", "labeller_id", "verdict", "reason", "client_uuid", "scores_in_view")
    values = {name: getattr(label, name) for name in (*columns, "seconds", "created_at")}
    with connection.cursor() as cursor:
        cursor.execute(INSERT_LABEL, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _delivered_before(label: Label) -> Label:
    """The label stored under this client_uuid; refuses where there is none or it is another one."""
    stored = Label.objects.select_related("labeller__user")
    found = stored.filter(team=label.team, client_uuid=label.client_uuid).first()
    if found is None:
        raise no_such_step(label.run_id, label.number)
    same = ("labeller_id", "run_id", "number", "verdict")
    if any(getattr(found, name) != getattr(label, name) for name in same):
        message = f"The label {label.client_uuid} was stored with another step, verdict or labeller. Send a new uuid."
        raise Refused(message, code="other-label", status=409, fields={"client_uuid": "Expected one not used before."})
    return found


def no_such_step(run: int, number: int) -> Refused:
    """The refusal of a step that no run of the team has; of other teams' runs it says no more."""
    message = f"Expected a step of a run of this team; found no step {number} in run {run}. Reload the page."
    return Refused(message, code="no-such-step", status=404)


def storable_reason(reason: str) -> str:
    """`reason`, stripped. Raises Refused where it is too long or holds what no text column takes."""
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        found = f"Expected a reason of at most {REASON_LIMIT:,} characters; found {len(reason):,}. Shorten it."
        raise Refused(found, code="reason-too-long", fields={"reason": found})
    if "\x00" in reason or any("\ud800" <= character <= "\udfff" for character in reason):
        found = "Expected a reason of readable characters; found a NUL or half a surrogate pair. Remove it."
        raise Refused(found, code="reason-unreadable", fields={"reason": found})
    return reason


def storable_seconds(seconds: float | None) -> float | None:
    """`seconds`, unchanged. Raises Refused where it is no time: negative, infinite or not a number."""
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        found = f"Expected the seconds a verdict took, 0 or more; found {seconds}. Send null where they are unknown."
        raise Refused(found, code="bad-seconds", fields={"seconds": found})
    return seconds


def withdraw_label(
    *, team: Team, labeller: Labeller, run: int, number: int, client_uuid: UUID, scores_in_view: bool | None = None
) -> Label:
    """Take a labeller's verdict on a step back, by a row that says so; the earlier rows stay. Raises as add_label."""
    return add_label(
        team=team,
        labeller=labeller,
        run=run,
        number=number,
        verdict=TAKEN_BACK,
        client_uuid=client_uuid,
        scores_in_view=scores_in_view,
    )


def add_imported_labels(team: Team, labels: Iterable[ImportedLabel]) -> int:
    """Store the labels of an imported file by one COPY and say how many; runs in the caller's transaction.

    Whether scores were in view is unknown of them. That their steps exist is the importer's word, which has just
    stored them. Raises Refused for an unknown verdict.
    """
    count = 0
    with connection.cursor() as cursor, cursor.copy(COPY_LABELS) as copy:
        for label in labels:
            copy.write_row(_copied(team.pk, label))
            count += 1
    return count


def _copied(team_id: int, label: ImportedLabel) -> tuple[Any, ...]:
    """The columns of COPY_LABELS."""
    verdict, extra = known_verdict(label.verdict).key, orjson.dumps(label.extra).decode()
    place = (team_id, label.run_id, label.number, label.labeller_id)
    return (*place, verdict, "", uuid4(), label.seconds, extra, label.created_at)


def adjudicate(*, team: Team, by: Labeller, run: int, number: int, verdict: str, reason: str = "") -> Adjudication:
    """Settle which verdict stands on a step; a later adjudication replaces it by a row of its own.

    Keeps the ids of the labels it was settled on. Raises Refused for an unknown verdict and for a step that is not in a
    run of the team (404).
    """
    known_verdict(verdict)
    reason = storable_reason(reason)
    if not Step.objects.filter(run_id=run, run__team=team, number=number).exists():
        raise no_such_step(run, number)
    labels = [label.pk for label in current_labels(run, number)]
    return Adjudication.objects.create(
        team=team, run_id=run, number=number, verdict=verdict, settled_by=by, reason=reason, labels=labels
    )
