"""Builds a queue out of a plan and says beforehand what it would be; it reads nothing typed and gives nothing out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.labels.models import LabelQueue, QueueMember
from apps.labels.prelabels import maker_meant
from apps.labels.queue_candidates import Candidates, Found, any_scored, count_candidates, store_candidates
from apps.labels.queue_orders import known_order
from apps.labels.queue_plan import QueuePlan, read_queue_plan
from apps.runs.launching import checked_key

PACE_FROM = 1_000
# The middle one of the latest: a page left open over night is no pace.
PACE = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), count(*) FROM (
        SELECT seconds FROM labels_label
        WHERE team_id = %s AND seconds IS NOT NULL AND assignment_id IS NOT NULL ORDER BY id DESC LIMIT %s
    ) latest
"""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan would come to. pace: seconds a step, as the team labelled last, None where it has not yet."""

    found: Found
    wanted: int
    pace: float | None

    @property
    def seconds(self) -> float | None:
        """About how long it takes people together, if they judge every step."""
        return None if self.pace is None else self.pace * self.found.steps * self.wanted


def outlook_of(team: Team, plan: QueuePlan) -> Outlook:
    """What the plan would come to; three statements."""
    with connection.cursor() as cursor:
        cursor.execute(PACE, [team.pk, PACE_FROM])
        pace, _ = cursor.fetchone()
    return Outlook(count_candidates(plan.candidates(team)), plan.wanted, pace)


def build_queue(team: Team, by: User, *, key: str = "", **given: Any) -> LabelQueue:
    """A queue with its tasks, all or nothing, from the fields of QueuePlan as texts or values of JSON. key: the same
    fields with the same key are one queue, however often and however close together they are sent.

    Raises Refused as read_queue_plan, where nothing is found to be judged, where an order goes by scores that none of
    what is found has, and for a key that cannot be kept or that came with other fields before (409)."""
    sent = LabelQueue(team=team, created_by=by, build_key=checked_key(key), build_digest=_digest(given))
    # Before anything is read: what was sent may have been right then and be so no more.
    if (before := _built_before(sent)) is not None:
        return before
    plan = read_queue_plan(team, given)
    for name, value in _columns(team, plan).items():
        setattr(sent, name, value)
    try:
        _store(sent, plan)
    except IntegrityError:
        if (first := _built_before(sent)) is None:
            raise
        return first
    return sent


def _digest(given: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()


def _built_before(sent: LabelQueue) -> LabelQueue | None:
    """What was built with the key. Raises Refused where other fields came with it: whoever went back in the browser and
    changed the form means another queue."""
    if not sent.build_key:
        return None
    before = LabelQueue.objects.filter(team=sent.team_id, build_key=sent.build_key).first()
    if before is None or before.build_digest == sent.build_digest:
        return before
    raise Refused(
        f"Queue {before.pk} was built from this form, or with this key, before, and other fields came with it. For"
        " another queue press Build again, or send another key.",
        code="key_taken",
        status=409,
    )


@transaction.atomic
def _store(queue: LabelQueue, plan: QueuePlan) -> None:
    """The queue comes first: who sends the same key at the same moment waits for what becomes of it."""
    queue.save(force_insert=True)
    candidates = plan.candidates(queue.team)
    if not store_candidates(candidates, queue.pk, plan.wanted):
        raise Refused(
            "Expected at least one task; the filter finds none in the runs that ended. Widen it.", code="no-tasks"
        )
    check_scores(plan, candidates, queue)
    begins = QueueMember.State.ADMITTED if plan.screening_pass is None else QueueMember.State.SCREENING
    QueueMember.objects.bulk_create(QueueMember(queue=queue, user_id=user, state=begins) for user in plan.members)


def check_scores(plan: QueuePlan, candidates: Candidates, queue: LabelQueue) -> None:
    """Raise Refused where the plan's order goes by scores and none of the queue's tasks has any."""
    if known_order(plan.order).needs_scores and not any_scored(candidates, queue.pk):
        found = f"Expected scores of {plan.filter.scorer!r:.60} on what is found, which the order {plan.order} goes by;"
        sentence = f"{found} found none. Choose another scorer or order, or rescore the runs."
        raise Refused(sentence, code="no-scores", fields={"scorer": sentence})


def _columns(team: Team, plan: QueuePlan) -> dict[str, Any]:
    names = (
        "name", "unit", "mode", "order", "seed", "wanted", "access", "gold_share", "screening_pass", "prelabel_good",
        "prelabel_bad", "lease_s", "hourly_rate", "currency",
    )  # fmt: skip
    maker = maker_meant(team, plan.prelabel_scorer) if plan.prelabel_scorer else None
    return {
        **{name: getattr(plan, name) for name in names},
        "filter": plan.filter.as_json(),
        "guideline_id": plan.guideline,
        "prelabel_maker_id": None if maker is None else maker.pk,
    }
