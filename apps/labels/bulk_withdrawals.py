"""Takes many labels back at once, by rows that say so; nothing is deleted, and what was replaced stays replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.models import Label
from apps.labels.said import storable_reason
from apps.labels.verdicts import TAKEN_BACK

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """withdrawn: labels that were taken back now; before: by a request with the same client_uuid; replaced: those that
    were no longer their labeller's word on the step, and stay as they are."""

    withdrawn: int
    before: int
    replaced: int


def labels_named(team: Team, client_uuids: Sequence[UUID]) -> list[Label]:
    """The team's labels of those client_uuids. Raises Refused, with the unknown ones, unless all are there."""
    found = list(_labels(team).filter(client_uuid__in=client_uuids))
    if missing := sorted({str(one) for one in client_uuids} - {str(label.client_uuid) for label in found}):
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3:,} more" if len(missing) > 3 else "")
        message = f"Expected client_uuids of labels of this team; found no label {shown}. Nothing was taken back."
        raise Refused(message, code="no-such-label", status=404, also={"missing": missing})
    return found


def labels_by(team: Team, labeller: int, runs: Collection[int]) -> list[Label]:
    """What a labeller says of the steps of some runs now. Raises Refused for more than MOST labels."""
    rows = _labels(team).filter(labeller=labeller, run__in=runs).order_by("run", "number", "-id")
    newest = [label for label in rows.distinct("run", "number")[: MOST + 1] if label.verdict != TAKEN_BACK]
    if len(newest) > MOST:
        raise Refused(f"Expected at most {MOST:,} labels at once; found more. Name fewer runs.", code="too-many")
    return newest


def withdraw_labels(*, labels: Sequence[Label], by: Labeller, reason: str, client_uuid: UUID) -> Withdrawn:
    """Take the labels back where they are still their labeller's word, in that labeller's own history, with who did it
    and why. Sent again with the same client_uuid nothing is added. Raises Refused for a reason that no column takes."""
    reason = storable_reason(reason)
    current = _current(labels)
    rows = [_taking_back(label, by, reason, client_uuid) for label in labels]
    known = set(Label.objects.filter(_of(rows)).values_list("client_uuid", flat=True)) if rows else set()
    new = [
        row
        for label, row in zip(labels, rows, strict=True)
        if label.pk in current and label.verdict != TAKEN_BACK and row.client_uuid not in known
    ]
    # Whoever was faster, by a label that follows the same one, has replaced it.
    Label.objects.bulk_create(new, ignore_conflicts=True, batch_size=1_000)
    return Withdrawn(len(new), len(known), len(rows) - len(new) - len(known))


def _taking_back(label: Label, by: Labeller, reason: str, client_uuid: UUID) -> Label:
    return Label(
        team_id=label.team_id,
        run_id=label.run_id,
        number=label.number,
        labeller_id=label.labeller_id,
        verdict=TAKEN_BACK,
        reason=reason,
        client_uuid=uuid5(client_uuid, str(label.client_uuid)),
        replaces=label.client_uuid,
        assignment_id=label.assignment_id,
        extra={"withdrawn_by": str(by)},
        created_at=timezone.now(),
    )


def _current(labels: Iterable[Label]) -> set[int]:
    """The ids of the newest labels on the steps of these, each labeller's own."""
    runs = {label.run_id for label in labels}
    labellers = {label.labeller_id for label in labels}
    rows = Label.objects.filter(run__in=runs, labeller__in=labellers).order_by("run", "number", "labeller", "-id")
    return set(rows.distinct("run", "number", "labeller").values_list("pk", flat=True))


def _of(rows: Sequence[Label]) -> Q:
    return Q(team=rows[0].team_id, client_uuid__in=[row.client_uuid for row in rows])


def _labels(team: Team) -> QuerySet[Label]:
    return Label.objects.filter(team=team).select_related("labeller")
