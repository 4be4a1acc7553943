"""Gives a person their next turn at a queue; it judges nobody's right to be there and changes no turn there is.

Whose turn it may be is for queues.standing_of to say; here a queue that is not active and a person without a place in
it get nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Labeller
from apps.labels.gold import gold_is_due
from apps.labels.models import Assignment, LabelQueue, LabelTask, QueueMember
from apps.labels.screening import keep_what_screening_decided
from apps.labels.turn_reading import turn_of

MOST_OPEN = 2
"""Turns of a queue that one person may have open: the one in hand and the next, fetched ahead."""

NORMAL, GOLD, SCREENING = LabelTask.Kind.NORMAL, LabelTask.Kind.GOLD, LabelTask.Kind.SCREENING

# A person's place in a queue is the lock under which they take: of two tabs the second sees what the first took.
JOIN = """
    INSERT INTO labels_queuemember (queue_id, user_id, state, created_at)
    SELECT q.id, %(user)s, CASE WHEN q.screening_pass IS NULL THEN 'admitted' ELSE 'screening' END, %(now)s
    FROM labels_labelqueue q WHERE q.id = %(queue)s AND q.access = 'open' AND q.state = 'active'
    ON CONFLICT (queue_id, user_id) DO NOTHING
"""
# A person has few open turns, which the planner does not know of who had thousands: joined, it went through all tasks.
STILL_OPEN = """
    SELECT COALESCE(array_agg(a.id ORDER BY a.id), '{}') FROM labels_assignment a
    WHERE a.labeller_id = %(labeller)s AND a.state = 'open'
      AND (SELECT t.queue_id FROM labels_labeltask t WHERE t.id = a.task_id) = %(queue)s
"""
# Goes through all that the person had in the queue, so it is asked only where gold hangs on it.
HAD = """
    SELECT count(*) FROM labels_assignment a JOIN labels_labeltask t ON t.id = a.task_id
    WHERE a.labeller_id = %(labeller)s AND t.queue_id = %(queue)s AND t.kind <> 'screening'
"""

# Not what this person has had, as whichever kind of task: a gold item may be a task of the queue too.
_NEW_TO_THEM = """
    NOT EXISTS (
        SELECT FROM labels_labeltask other JOIN labels_assignment had ON had.task_id = other.id
        WHERE other.queue_id = t.queue_id AND other.kind IN ('normal', 'gold', 'screening')
          AND other.run_id = t.run_id AND other.number = t.number AND had.labeller_id = %(labeller)s
    )
"""
_EXPIRED = "a.state = 'open' AND a.lease_until < %(now)s"
# Given first: a turn that has run out leaves its place to others. Then what follows this person's last task, so that
# nobody goes through all they have had to find the next; what was given back behind it comes at their end. The last
# task is found in the index by labeller: asked with an equal sign, everybody's turns were gone through from the newest.
_NORMAL = f"""
    run_out AS (
        SELECT t.id FROM labels_labeltask t
        WHERE t.queue_id = %(queue)s AND t.kind = 'normal'
          AND t.id IN (SELECT a.task_id FROM labels_assignment a WHERE {_EXPIRED})
          AND t.taken - (SELECT count(*) FROM labels_assignment a WHERE a.task_id = t.id AND {_EXPIRED}) < t.wanted
          AND {_NEW_TO_THEM}
        ORDER BY t.position LIMIT 1 FOR UPDATE OF t SKIP LOCKED
    ), reached AS (
        SELECT COALESCE(max(t.position), -1) AS position FROM (
            SELECT t.position FROM labels_assignment a JOIN labels_labeltask t ON t.id = a.task_id
            WHERE a.labeller_id BETWEEN %(labeller)s AND %(labeller)s AND t.queue_id = %(queue)s AND t.kind = 'normal'
            ORDER BY a.labeller_id, a.id DESC LIMIT 1
        ) t
    ), ahead AS (
        SELECT t.id FROM labels_labeltask t
        WHERE t.queue_id = %(queue)s AND t.kind = 'normal' AND t.taken < t.wanted
          AND t.position > (SELECT position FROM reached) AND {_NEW_TO_THEM}
        ORDER BY t.position LIMIT 1 FOR UPDATE OF t SKIP LOCKED
    ), behind AS (
        SELECT t.id FROM labels_labeltask t
        WHERE t.queue_id = %(queue)s AND t.kind = 'normal' AND t.taken < t.wanted
          AND t.position <= (SELECT position FROM reached) AND {_NEW_TO_THEM}
        ORDER BY t.position LIMIT 1 FOR UPDATE OF t SKIP LOCKED
    ), found AS (
        SELECT id FROM (
            SELECT id FROM run_out UNION ALL SELECT id FROM ahead UNION ALL SELECT id FROM behind
        ) one LIMIT 1
    )
"""  # noqa: S608  # put together from constants
_KNOWN = f"""
    found AS (
        SELECT t.id FROM labels_labeltask t
        WHERE t.queue_id = %(queue)s AND t.kind = %(kind)s AND {_NEW_TO_THEM}
        ORDER BY {{order}} LIMIT 1
    )
"""  # noqa: S608  # put together from constants
_TAKE = """
    , inserted AS (
        INSERT INTO labels_assignment (task_id, labeller_id, state, finish, reason, guideline_version_id, seconds,
                                       lease_until, started_at)
        SELECT found.id, %(labeller)s, 'open', '', '', (
            SELECT v.id FROM labels_guidelineversion v JOIN labels_labelqueue q ON q.guideline_id = v.guideline_id
            WHERE q.id = %(queue)s ORDER BY v.number DESC LIMIT 1
        ), 0, %(lease_until)s, %(now)s FROM found
        ON CONFLICT (task_id, labeller_id) DO NOTHING
        RETURNING id, task_id
    ), counted AS (
        UPDATE labels_labeltask t SET taken = t.taken + 1 FROM inserted WHERE t.id = inserted.task_id
    )
    SELECT id FROM inserted
"""
_OWN_ORDER = "md5(concat_ws(chr(58), %(seed)s::text, %(labeller)s::text, t.id::text))"
TAKE = {
    NORMAL: f"WITH {_NORMAL}{_TAKE}",
    # Everybody goes through the gold in an order of their own, so that no two can tell each other which it is.
    GOLD: f"WITH {_KNOWN.format(order=_OWN_ORDER)}{_TAKE}",
    SCREENING: f"WITH {_KNOWN.format(order='t.position')}{_TAKE}",
}
# Where all that is left is locked by others, who may want only one of several places: "nothing left" would be untrue.
WAIT_AND_TAKE = TAKE[NORMAL].replace("SKIP LOCKED", "")


def take_task(
    queue: LabelQueue, labeller: Labeller, besides: Collection[int] = (), *, now: datetime | None = None
) -> Assignment | None:
    """The labeller's next turn at the queue, which is theirs for the queue's lease; None where there is none for them.

    besides: ids of the turns they have in hand; an open turn that is not among these comes back before a task is taken,
    and of MOST_OPEN open ones there is no further one. Screening tasks come first and alone until the person is
    admitted, then gold by the queue's share, then the queue in its order. Nobody gets a step twice in a queue, and
    beyond `wanted` people only where a turn ran out. Safe with any number of people at once; a locked task is passed
    over, and waited for only where there is no other. Raises ValueError for a labeller who is no person.
    """
    if labeller.user_id is None:
        raise ValueError(f"Expected a labeller who can sign in; found the foreign name {labeller.name!r}.")
    at = now or timezone.now()
    with transaction.atomic():
        turn = _taken(queue, labeller, besides, at)
    if turn is None:
        return None
    return turn_of(queue.team_id, turn)


def _taken(queue: LabelQueue, labeller: Labeller, besides: Collection[int], at: datetime) -> int | None:
    """The id of the turn, taken or still open; in the caller's transaction."""
    given: dict[str, Any] = {
        "queue": queue.pk,
        "user": labeller.user_id,
        "labeller": labeller.pk,
        "now": at,
        "lease_until": at + timedelta(seconds=queue.lease_s),
        "seed": queue.seed,
    }
    member = _place(queue, given)
    if member is None:
        return None
    (still_open,) = _row(STILL_OPEN, given)
    waiting = [turn for turn in still_open if turn not in besides]
    if waiting:
        return int(waiting[0])
    state = keep_what_screening_decided(queue, member, labeller)
    if len(still_open) >= MOST_OPEN or state == QueueMember.State.REFUSED:
        return None
    if state == QueueMember.State.SCREENING:
        return _take(SCREENING, given)
    if queue.gold_share > 0 and gold_is_due(queue, labeller, _row(HAD, given)[0]):
        gold = _take(GOLD, given)
        if gold is not None:
            return gold
    return _take(NORMAL, given) or _first(WAIT_AND_TAKE, given)


def _place(queue: LabelQueue, given: dict[str, Any]) -> QueueMember | None:
    """The person's place, locked, and made where the queue is open; None without one or where it is not active."""
    places = QueueMember.objects.select_for_update(of=("self",)).filter(queue__state=LabelQueue.State.ACTIVE)
    own = places.filter(queue=queue, user_id=given["user"])
    found = own.first()
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(JOIN, given)
        found = own.first()
    return found


def _take(kind: str, given: dict[str, Any]) -> int | None:
    return _first(TAKE[LabelTask.Kind(kind)], {**given, "kind": kind})


def _first(statement: str, given: dict[str, Any]) -> int | None:
    row = _row(statement, given)
    return row[0] if row else None


def _row(statement: str, given: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()
