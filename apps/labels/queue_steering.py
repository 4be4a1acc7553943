"""Steers a queue that is built: its state, its people, its money and its gold's share; every change leaves a row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import Membership, User
from apps.common.errors import Refused
from apps.labels.models import Guideline, LabelQueue, QueueChange, QueueMember

State = LabelQueue.State
ALLOWED_STATES: dict[str, tuple[str, ...]] = {
    State.ACTIVE: (State.PAUSED, State.CLOSED),
    State.PAUSED: (State.ACTIVE, State.CLOSED),
    State.CLOSED: (State.ACTIVE,),
}
REASON_LIMIT = 2_000
COLUMNS = {"guideline": "guideline_id"}
STEERED = ("hourly_rate", "currency", "guideline", "gold_share", "screening_pass")


def change_queue_state(queue: LabelQueue, by: User, state: str, reason: str = "") -> LabelQueue:
    """Pause, go on, close or open again; what is open in people's hands stays theirs, and their labels are taken.

    The same state again changes nothing. Raises Refused for a state that is unknown or cannot follow (409)."""
    reason = stored_reason(reason)
    if state not in State.values:
        sentence = f"Unknown state {state!r:.60}. Known: {', '.join(State.values)}."
        raise Refused(sentence, code="unknown-state", fields={"state": sentence})
    with transaction.atomic():
        found = LabelQueue.objects.select_for_update().get(pk=queue.pk)
        if found.state == state:
            return found
        if state not in ALLOWED_STATES[found.state]:
            after = ", ".join(ALLOWED_STATES[found.state])
            raise Refused(f"A {found.state} queue can become {after}, and not {state}.", code="bad-state", status=409)
        QueueChange.objects.create(
            queue=found, what="state", before=found.state, after=state, reason=reason, made_by=by
        )
        found.state = state
        found.save(update_fields=["state"])
    return found


def place_member(queue: LabelQueue, by: User, user: int, state: str, reason: str = "") -> QueueMember:
    """Give a member of the team a place in the queue, or another state in it: admitted, refused or screening.

    Raises Refused for who is not in the team, an unknown state, and a change of somebody's state without a reason."""
    reason = stored_reason(reason)
    if state not in QueueMember.State.values:
        sentence = f"Unknown state {state!r:.60}. Known: {', '.join(QueueMember.State.values)}."
        raise Refused(sentence, code="unknown-state", fields={"state": sentence})
    if not Membership.objects.filter(team=queue.team_id, user=user).exists():
        sentence = "Expected a member of this team; found somebody else. Invite them first."
        raise Refused(sentence, code="no-such-member", status=404, fields={"user": sentence})
    with transaction.atomic():
        member = QueueMember.objects.select_for_update().filter(queue=queue, user=user).first()
        before = member.state if member else ""
        if before == state and member is not None:
            return member
        if before and not reason:
            sentence = "Expected a reason: it stays with the change, for them and for who asks later. Found none."
            raise Refused(sentence, code="no-reason", fields={"reason": sentence})
        QueueChange.objects.create(
            queue=queue, what="member", about_id=user, before=before, after=state, reason=reason, made_by=by
        )
        return QueueMember.objects.update_or_create(queue=queue, user_id=user, defaults={"state": state})[0]


def remove_member(queue: LabelQueue, by: User, user: int, reason: str = "") -> None:
    """Take a person's place away; what they judged stays. On an open queue they could come again: refuse them there.

    Raises Refused where they have no place (404)."""
    with transaction.atomic():
        member = QueueMember.objects.select_for_update().filter(queue=queue, user=user).first()
        if member is None:
            raise Refused("They have no place in this queue.", code="no-such-member", status=404)
        QueueChange.objects.create(
            queue=queue, what="member", about_id=user, before=member.state, reason=stored_reason(reason), made_by=by
        )
        member.delete()


def change_rate(queue: LabelQueue, by: User, user: int, hourly_rate: Decimal | None) -> QueueMember:
    """Give a person a rate of their own in the queue's currency, None for the queue's; with a row.

    Raises Refused where they have no place in the queue (404), and where the queue has no currency."""
    with transaction.atomic():
        places = QueueMember.objects.select_for_update(of=("self",)).select_related("user")
        member = places.filter(queue=queue, user=user).first()
        if member is None:
            raise Refused("They have no place in this queue.", code="no-such-member", status=404)
        if hourly_rate is not None and not queue.currency:
            sentence = "Expected a queue with a rate and its currency first; found none. Store these."
            raise Refused(sentence, code="bad-rate", fields={"hourly_rate": sentence})
        if member.hourly_rate != hourly_rate:
            said = {"before": _said(member.hourly_rate), "after": _said(hourly_rate)}
            QueueChange.objects.create(queue=queue, what="rate", about_id=user, made_by=by, **said)
            member.hourly_rate = hourly_rate
            member.save(update_fields=["hourly_rate"])
    return member


def change_queue(queue: LabelQueue, by: User, **given: Decimal | float | str | int | None) -> LabelQueue:
    """Change money, guideline, share of gold or the mark of screening, each with a row; fields as QueuePlan reads them.

    Raises ValueError for any other field, Refused for a rate without a currency or the other way round, and for a
    guideline that is not the team's or has no version."""
    if unknown := given.keys() - {*STEERED}:
        raise ValueError(f"Expected {', '.join(STEERED)}; found {', '.join(sorted(unknown))}.")
    guideline = given.get("guideline")
    known = Guideline.objects.filter(team=queue.team_id, versions__isnull=False)
    if guideline is not None and not known.filter(pk=str(guideline)).exists():
        sentence = f"Expected a guideline of this team that has a version; found no {guideline}."
        raise Refused(sentence, code="bad-guideline", fields={"guideline": sentence})
    given = {COLUMNS.get(name, name): value for name, value in given.items()}
    with transaction.atomic():
        found = LabelQueue.objects.select_for_update().get(pk=queue.pk)
        changed = {name: value for name, value in given.items() if getattr(found, name) != value}
        rows = []
        for name, value in changed.items():
            said = {"before": _said(getattr(found, name)), "after": _said(value)}
            rows.append(QueueChange(queue=found, what=name.removesuffix("_id"), made_by=by, **said))
            setattr(found, name, value)
        if (found.hourly_rate is None) != (not found.currency):
            sentence = "Expected a rate and its currency together; found one without the other."
            raise Refused(sentence, code="bad-rate", fields={"currency": sentence})
        QueueChange.objects.bulk_create(rows)
        if changed:
            found.save(update_fields=list(changed))
    return found


def stored_reason(reason: str) -> str:
    """The reason, stripped. Raises Refused where it is too long or holds what no text column takes."""
    reason = reason.strip()
    unreadable = "\0" in reason or any("\ud800" <= sign <= "\udfff" for sign in reason)
    if unreadable or len(reason) > REASON_LIMIT:
        sentence = f"Expected a reason of at most {REASON_LIMIT:,} readable characters; found {len(reason):,}."
        raise Refused(sentence, code="bad-reason", fields={"reason": sentence})
    return reason


def _said(value: Any) -> str:
    return "" if value is None else str(value)
