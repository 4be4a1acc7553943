"""Adds what people say of steps; it never changes or deletes a row, and settles nothing (settling.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack
from uuid import UUID, uuid4

import orjson
from django.db import connection

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.models import Label
from apps.labels.said import Said
from apps.labels.storing import store_anywhere
from apps.labels.verdicts import TAKEN_BACK, known_verdict

COPY_LABELS = """
    COPY labels_label (team_id, run_id, number, labeller_id, verdict, reason, client_uuid, seconds, extra, created_at,
                       flagged, chosen)
    FROM STDIN
"""


class AlsoSaid(TypedDict, total=False):
    """What may go with a verdict, as Said has it."""

    replaces: UUID | None
    seconds: float | None
    reason: str
    flagged: bool
    critique: str
    chosen: bool | None
    prelabel: str


class ImportedLabel(NamedTuple):
    """A label as a file has it. seconds: time taken, None where unknown; extra: what the file says besides, as JSON;
    chosen: whether the labeller went on from this step, None where they took none of the alternatives."""

    run_id: int
    number: int
    labeller_id: int
    verdict: str
    created_at: datetime
    seconds: float | None
    extra: Mapping[str, Any]
    flagged: bool = False
    chosen: bool | None = None


def add_label(
    *,
    team: Team,
    labeller: Labeller,
    run: int,
    number: int,
    verdict: str,
    client_uuid: UUID,
    scores_in_view: bool | None,
    **said: Unpack[AlsoSaid],
) -> Label:
    """Store one verdict, or with an empty one that the labeller takes the earlier back; one query.

    The same client_uuid again is the same label: nothing is added and the stored one comes back. Raises Refused for an
    unknown verdict, a text or time that cannot be stored, a step that is not in a run of the team (404), a client_uuid
    that was used for something else (409), and where `replaces` is not the labeller's latest label on the step (412).
    """
    given = Said(verdict=verdict, client_uuid=client_uuid, **said).checked()
    label = store_anywhere(
        team=team.pk, labeller=labeller.pk, run=run, number=number, said=given, scores_in_view=scores_in_view
    )
    if label is None:
        raise no_such_step(run, number)
    label.team, label.labeller = team, labeller
    return label


def no_such_step(run: int, number: int) -> Refused:
    """The refusal of a step that no run of the team has; of other teams' runs it says no more."""
    message = f"Expected a step of a run of this team; found no step {number} in run {run}. Reload the page."
    return Refused(message, code="no-such-step", status=404)


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
    return (*place, verdict, "", uuid4(), label.seconds, extra, label.created_at, label.flagged, label.chosen)
