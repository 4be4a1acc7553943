"""How far a queue is, for all and for each person, summed in SQL; it changes nothing and hides nothing.

What an annotator may not see of others is for the page to leave out: `progress_of` with their user says theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from apps.accounts.models import Labeller, Team, User
from apps.labels.gold import gold_to_come
from apps.labels.models import LabelQueue

RATE_OVER = timedelta(hours=24)
DONE = """
    SELECT queue_id, count(*), sum(wanted), sum(LEAST(submitted, wanted)), count(*) FILTER (WHERE submitted >= wanted)
    FROM labels_labeltask WHERE queue_id = ANY(%s) AND kind = 'normal' GROUP BY queue_id
"""
OWN_KNOWN = """
    SELECT t.queue_id, count(*) FROM labels_assignment a JOIN labels_labeltask t ON t.id = a.task_id
    WHERE a.labeller_id = %s AND a.state = 'submitted' AND t.kind <> 'normal' AND t.queue_id = ANY(%s)
    GROUP BY t.queue_id
"""
PEOPLE = """
    SELECT a.labeller_id, count(*) FILTER (WHERE a.state = 'submitted'), count(*) FILTER (WHERE a.state = 'skipped'),
           count(*) FILTER (WHERE a.state = 'open'), sum(a.seconds) FILTER (WHERE a.state = 'submitted'),
           max(a.ended_at), count(*) FILTER (WHERE a.state = 'submitted' AND a.ended_at > %(since)s),
           sum(a.seconds) FILTER (WHERE a.state = 'submitted' AND a.ended_at > %(since)s)
    FROM labels_assignment a JOIN labels_labeltask t ON t.id = a.task_id
    WHERE t.queue_id = %(queue)s AND (a.labeller_id = %(labeller)s OR %(labeller)s IS NULL) GROUP BY a.labeller_id
"""
STEPS = """
    SELECT l.labeller_id, count(DISTINCT (l.run_id, l.number))
    FROM labels_label l JOIN labels_assignment a ON a.id = l.assignment_id JOIN labels_labeltask t ON t.id = a.task_id
    WHERE t.queue_id = %(queue)s AND a.state = 'submitted' AND l.verdict <> ''
      AND (l.labeller_id = %(labeller)s OR %(labeller)s IS NULL) GROUP BY l.labeller_id
"""
# Of the tasks that somebody is still wanted for, those this person has not had. take_task also passes over a step they
# had as another kind; asking that here of 100,000 tasks took 9 s (2026-11), to be right by a few more.
LEFT = """
    SELECT count(*) FILTER (WHERE t.kind = 'normal'), count(*) FILTER (WHERE t.kind = 'gold'),
           count(*) FILTER (WHERE t.kind = 'screening')
    FROM (SELECT t.kind FROM labels_labeltask t
    WHERE t.queue_id = %(queue)s AND (
        t.kind = 'gold' OR t.kind = 'normal' AND t.taken < t.wanted OR t.kind = 'screening' AND EXISTS (
            SELECT FROM labels_queuemember m JOIN accounts_labeller l ON l.user_id = m.user_id
            WHERE m.queue_id = t.queue_id AND l.id = %(labeller)s AND m.state = 'screening'
        )
    ) AND NOT EXISTS (
        SELECT FROM labels_assignment had WHERE had.task_id = t.id AND had.labeller_id = %(labeller)s
    ) LIMIT %(most)s) t
"""
HAD = """
    SELECT count(*) FROM labels_assignment a JOIN labels_labeltask t ON t.id = a.task_id
    WHERE t.queue_id = %s AND t.kind <> 'screening' AND a.labeller_id = %s
"""


class Done(NamedTuple):
    """Of a queue's tasks: how many; judgements wanted in all and given; tasks that are through."""

    tasks: int = 0
    wanted: int = 0
    given: int = 0
    through: int = 0

    @property
    def left(self) -> int:
        """Judgements that are still wanted."""
        return self.wanted - self.given


class PersonsProgress(NamedTuple):
    """What one labeller did in a queue. seconds, steps: of submitted turns; recent: submitted within RATE_OVER."""

    labeller: int
    submitted: int
    skipped: int
    open: int
    seconds: float
    last_at: datetime | None
    recent: int
    recent_seconds: float
    steps: int

    @property
    def seconds_a_step(self) -> float | None:
        """None where no step was judged."""
        return self.seconds / self.steps if self.steps else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a queue is. people: of everybody who had a turn, or of the one who was asked about."""

    done: Done
    people: tuple[PersonsProgress, ...]

    @property
    def submitted(self) -> int:
        """Turns that were submitted, of every kind."""
        return sum(person.submitted for person in self.people)

    @property
    def seconds_a_step(self) -> float | None:
        """Of these people together."""
        steps = sum(person.steps for person in self.people)
        return sum(person.seconds for person in self.people) / steps if steps else None

    @property
    def recent(self) -> int:
        """Turns submitted within RATE_OVER."""
        return sum(person.recent for person in self.people)

    @property
    def time_left(self) -> float | None:
        """Seconds of work that are left at the pace of these people, None before they spent any."""
        seconds = sum(person.seconds for person in self.people)
        return seconds / self.submitted * self.done.left if seconds else None


def done_of(queues: Iterable[int]) -> dict[int, Done]:
    """How far each of the queues is, by id; one query."""
    wanted = list(queues)
    with connection.cursor() as cursor:
        cursor.execute(DONE, [wanted])
        found = {queue: Done(*rest) for queue, *rest in cursor.fetchall()}
    return {queue: found.get(queue, Done()) for queue in wanted}


def done_as_told(team: Team, user: User, queues: Iterable[int]) -> dict[int, Done]:
    """The same as a labeller is told it: their own gold and screening turns count as judgements given, so that each
    turn they submit raises it by one and none can be told for gold; three queries."""
    done = done_of(queues)
    own = Labeller.objects.filter(team=team, user=user).values_list("pk", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(OWN_KNOWN, [own or 0, list(done)])
        known = dict(cursor.fetchall())
    return {
        queue: one._replace(given=min(one.wanted, one.given + known.get(queue, 0)), through=0)
        for queue, one in done.items()
    }


def progress_of(queue: LabelQueue, user: User | None = None, *, now: datetime | None = None) -> Progress:
    """How far the queue is, with everybody's part or the user's alone; three queries, four with a user."""
    labeller = None
    if user is not None:
        own = Labeller.objects.filter(team=queue.team_id, user=user).values_list("pk", flat=True).first()
        labeller = own or 0
    given = {"queue": queue.pk, "labeller": labeller, "since": (now or timezone.now()) - RATE_OVER}
    with connection.cursor() as cursor:
        cursor.execute(STEPS, given)
        steps = dict(cursor.fetchall())
        cursor.execute(PEOPLE, given)
        people = [
            PersonsProgress(who, done, skipped, opened, seconds or 0.0, last, recent, fresh or 0.0, steps.get(who, 0))
            for who, done, skipped, opened, seconds, last, recent, fresh in cursor.fetchall()
        ]
    return Progress(done_of([queue.pk])[queue.pk], tuple(people))


def left_for(queue: LabelQueue, labeller: Labeller, most: int | None = None) -> int:
    """How many turns the labeller can still get, gold and screening that will come among them; two queries.

    most: tasks are counted up to here, None where all are.

    Counted so that every turn they take lowers it by one, whichever kind it was: nobody can tell gold by it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEFT, {"queue": queue.pk, "labeller": labeller.pk, "most": most})
        normal, gold, screening = cursor.fetchone()
        cursor.execute(HAD, [queue.pk, labeller.pk])
        (had,) = cursor.fetchone()
    return int(normal) + int(screening) + gold_to_come(queue, labeller, had, normal, gold)
