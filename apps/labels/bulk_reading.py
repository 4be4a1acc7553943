"""Labels as lines, page by page in the order of their birth, for programs; it changes nothing, and asks no rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import Team
from apps.labels.models import Label

MOST = 10_000
USUAL = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which labels: those after the one of that id, at most `limit`; queue, run, labeller: ids, None for any."""

    after: int = 0
    limit: int = USUAL
    queue: int | None = None
    run: int | None = None
    labeller: int | None = None


def labels_as_lines(team: Team, wanted: Wanted) -> list[dict[str, Any]]:
    """The team's rows, what was replaced and taken back included, oldest first; one query."""
    rows: QuerySet[Label] = Label.objects.filter(team=team, pk__gt=wanted.after).order_by("pk")
    rows = rows.filter(assignment__task__queue=wanted.queue) if wanted.queue is not None else rows
    rows = rows.filter(run=wanted.run) if wanted.run is not None else rows
    rows = rows.filter(labeller=wanted.labeller) if wanted.labeller is not None else rows
    told = rows.select_related("labeller__user", "guideline_version", "assignment__task")
    return [_as_line(label) for label in told[: wanted.limit]]


def _as_line(label: Label) -> dict[str, Any]:
    version, turn = label.guideline_version, label.assignment
    return {
        "id": label.pk,
        "run": label.run_id,
        "number": label.number,
        "labeller": {
            "id": label.labeller_id,
            "name": str(label.labeller),
            "is_foreign": label.labeller.user_id is None,
        },
        "verdict": label.verdict,
        "at": label.created_at.isoformat(),
        "seconds": label.seconds,
        "reason": label.reason,
        "critique": label.critique,
        "flagged": label.flagged,
        "chosen": label.chosen,
        "prelabel": label.prelabel,
        "scores_in_view": label.scores_in_view,
        "queue": turn.task.queue_id if turn else None,
        "turn": turn.pk if turn else None,
        "guideline": {"id": version.guideline_id, "number": version.number} if version else None,
        "client_uuid": str(label.client_uuid),
        "extra": label.extra,
    }
