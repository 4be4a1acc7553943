"""Settles which verdict stands on a step, and opens it again: one person at a time, each time by a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.models import Adjudication
from apps.labels.said import storable_reason
from apps.labels.selectors import current_labels
from apps.labels.services import no_such_step
from apps.labels.verdicts import TAKEN_BACK, known_verdict
from apps.runs.models import Step

RULES = {
    "decision": "one person's decision",
    "discussion": "agreed in discussion",
    "majority": "the majority's verdict",
    "senior": "the senior labeller's verdict",
}
"""How a verdict may come to stand, and how it is said."""

NOTHING_SETTLED = 0
"""In place of the id of an adjudication, where there is none."""

# One kind of lock for all that settles in a team: single steps share it, and what settles many at once waits for them.
LOCK_SPACE = 6_411_337


def latest_of(run: int, number: int) -> Adjudication | None:
    """The latest adjudication of a step, which counts; its verdict is empty where the step was opened again."""
    rows = Adjudication.objects.filter(run_id=run, number=number).select_related("settled_by__user")
    return rows.order_by("-id").first()


def adjudicate(
    *,
    team: Team,
    by: Labeller,
    run: int,
    number: int,
    verdict: str,
    reason: str = "",
    rule: str = "decision",
    expected: int | None = None,
) -> Adjudication:
    """Settle which verdict stands on a step, or with an empty one open it again; the rows before stay.

    expected: the id of the latest adjudication as whoever settles knows it, NOTHING_SETTLED where they know of none,
    None where they do not say. Keeps the ids of the labels it was settled on. Raises Refused for an unknown verdict or
    rule, a step that is not in a run of the team (404), one opened again without a reason or that is not settled (409),
    and, with the one that stands in `also`, where somebody else settled it meanwhile (412).
    """
    if verdict != TAKEN_BACK:
        known_verdict(verdict)
    known_rule(rule)
    reason = storable_reason(reason)
    with transaction.atomic():
        lock(team, shared=True)
        if not Step.objects.select_for_update(no_key=True).filter(run_id=run, run__team=team, number=number).exists():
            raise no_such_step(run, number)
        stands = latest_of(run, number)
        check_expected(stands, expected)
        check_opening(stands, verdict, reason)
        labels = [label.pk for label in current_labels(run, number)]
        settled = {"verdict": verdict, "rule": rule, "reason": reason, "labels": labels}
        return Adjudication.objects.create(team=team, run_id=run, number=number, settled_by=by, **settled)


def lock(team: Team, *, shared: bool) -> None:
    """Hold, until the transaction ends, the lock under which steps of the team are settled."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK_SPACE, team.pk % 2**31])


def known_rule(rule: str) -> str:
    """`rule`. Raises Refused, which names the known ones."""
    if rule not in RULES:
        message = f"Unknown rule {rule[:40]!r}. Known: {', '.join(RULES)}."
        raise Refused(message, code="unknown-rule", fields={"rule": message})
    return rule


def check_expected(stands: Adjudication | None, expected: int | None) -> None:
    """Raises Refused where another adjudication stands than was expected."""
    found = stands.pk if stands else NOTHING_SETTLED
    if expected is None or expected == found:
        return
    if stands is None:
        message = f"Expected that adjudication {expected} stands on this step; found none on it. Reload the page."
        raise Refused(message, code="settled-meanwhile", status=412)
    done = f"settled it as {stands.verdict}" if stands.verdict else "opened it again"
    message = (
        f"{stands.settled_by} {done} meanwhile{f': {stands.reason}' if stands.reason else '.'} Nothing of yours was"
        " stored; decide again if you still see it otherwise."
    )
    raise Refused(message, code="settled-meanwhile", status=412, also={"theirs": adjudication_as_json(stands)})


def check_opening(stands: Adjudication | None, verdict: str, reason: str) -> None:
    """Raises Refused where a step is opened again that is open, or without a reason."""
    if verdict != TAKEN_BACK:
        return
    if stands is None or not stands.verdict:
        message = "Expected a settled step to open again; this one is open. Reload the page."
        raise Refused(message, code="not-settled", status=409)
    if not reason:
        message = "Expected a reason for opening the step again; found none. Write why."
        raise Refused(message, code="no-reason", fields={"reason": message})


def adjudication_as_json(row: Adjudication) -> Mapping[str, Any]:
    """An adjudication as programs see it. verdict: empty where the step was opened again."""
    at: datetime = row.created_at
    who = str(row.settled_by)
    told = {"id": row.pk, "number": row.number, "verdict": row.verdict, "rule": row.rule, "reason": row.reason}
    return {**told, "settled_by": who, "at": at.isoformat(), "labels": row.labels}
