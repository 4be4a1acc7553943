"""What the pages of queues list, each in a fixed number of queries; it leaves to them what somebody may not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from apps.accounts.models import Labeller, Membership, Role, Team, User
from apps.labels.gold import GoldAnswer, gold_answers, share_right
from apps.labels.models import Assignment, LabelQueue, LabelTask, QueueMember
from apps.labels.prelabels import Accepted, accepted_share
from apps.labels.queue_progress import PersonsProgress, Progress

PAGE_TASKS = 50
SHOWN_SKIPS = 20
STATES: dict[str, tuple[str, Q]] = {
    "all": ("all", Q()),
    "untouched": ("untouched", Q(taken=0)),
    "under-way": ("under way", Q(taken__gt=0, submitted__lt=F("wanted"))),
    "done": ("done", Q(submitted__gte=F("wanted"))),
}
# Whether there is anything at all for this person; how much is said by the queue's own page. Turns are looked up one by
# one until one answers: joined, all of 100,000 tasks were gone through for every queue (7 s for 50 of them, 2026-11).
WAITING = """
    SELECT q.id, (SELECT count(*) FROM labels_assignment a WHERE a.labeller_id = %(labeller)s AND a.state = 'open'
                  AND (SELECT t.queue_id FROM labels_labeltask t WHERE t.id = a.task_id) = q.id),
        EXISTS (
            SELECT FROM labels_labeltask t WHERE t.queue_id = q.id AND t.kind = 'normal' AND t.taken < t.wanted
            AND (SELECT a.id FROM labels_assignment a WHERE a.task_id = t.id AND a.labeller_id = %(labeller)s) IS NULL
        )
    FROM labels_labelqueue q WHERE q.id = ANY(%(queues)s) AND q.state = 'active' AND (
        q.access = 'open' AND NOT EXISTS (
            SELECT FROM labels_queuemember m WHERE m.queue_id = q.id AND m.user_id = %(user)s AND m.state = 'refused')
        OR EXISTS (
            SELECT FROM labels_queuemember m WHERE m.queue_id = q.id AND m.user_id = %(user)s AND m.state <> 'refused')
    )
"""


class Waiting(NamedTuple):
    """What of a queue waits for a person: turns they have begun, and whether there are tasks they could begin."""

    begun: int = 0
    more: bool = False

    @property
    def anything(self) -> bool:
        """Whether to offer the queue to them."""
        return self.begun > 0 or self.more


class PersonRow(NamedTuple):
    """A person's line on a queue's page. member is None for who only has labels; right: share of gold, if any."""

    name: str
    user: int | None
    member: QueueMember | None
    progress: PersonsProgress | None
    right: float | None
    answers: int


def queues_of(team: Team) -> QuerySet[LabelQueue]:
    """The team's queues, those that go on first, the newest first, each with how many people have a place in it."""
    people = QueueMember.objects.filter(queue=OuterRef("pk")).order_by().values("queue").annotate(n=Count("pk"))
    return (
        LabelQueue.objects.filter(team=team)
        .annotate(people=Subquery(people.values("n")), is_closed=Q(state=LabelQueue.State.CLOSED))
        .select_related("guideline")
        .order_by("is_closed", "-pk")
    )


def waiting_for(team: Team, user: User, queues: Sequence[int]) -> dict[int, Waiting]:
    """What waits for the person in each of the queues that would give them something; two queries."""
    own = Labeller.objects.filter(team=team, user=user).values_list("pk", flat=True).first()
    given: dict[str, Any] = {"labeller": own or 0, "user": user.pk, "queues": list(queues)}
    with connection.cursor() as cursor:
        cursor.execute(WAITING, given)
        return {queue: Waiting(begun, more) for queue, begun, more in cursor.fetchall()}


def people_of(queue: LabelQueue, progress: Progress, *, only: User | None = None) -> list[PersonRow]:
    """Who has a place in the queue or had a turn in it, by name, with their gold; or one person, without it.

    Three queries, two for one person."""
    members = QueueMember.objects.filter(queue=queue).select_related("user")
    if only is not None:
        members = members.filter(user=only)
    places = {member.user_id: member for member in members}
    did = {person.labeller: person for person in progress.people}
    labellers = Labeller.objects.filter(Q(pk__in=did) | Q(team=queue.team_id, user__in=places)).select_related("user")
    said: dict[int, list[GoldAnswer]] = {} if only else _gold_by_labeller(queue)
    rows = [
        PersonRow(
            str(one),
            one.user_id,
            places.pop(one.user_id, None) if one.user_id else None,
            did.get(one.pk),
            share_right(said.get(one.pk, [])),
            len(said.get(one.pk, [])),
        )
        for one in labellers
    ]
    rows += [PersonRow(str(member.user), user, member, None, None, 0) for user, member in places.items()]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.user or 0))


def candidates_for(queue: LabelQueue) -> QuerySet[Membership]:
    """Members of the team who may label and have no place in the queue yet."""
    placed = QueueMember.objects.filter(queue=queue, user=OuterRef("user"))
    able = Membership.objects.filter(team=queue.team_id, user__is_active=True).exclude(role=Role.VIEWER)
    return able.filter(~Exists(placed)).select_related("user").order_by("user__name", "user__email")


def tasks_after(queue: LabelQueue, state: str, after: int | None) -> list[LabelTask]:
    """Tasks behind a place in the queue's order, one more than a page has where there are further ones; one query."""
    tasks = LabelTask.objects.filter(STATES[state][1], queue=queue, kind=LabelTask.Kind.NORMAL)
    if after is not None:
        tasks = tasks.filter(position__gt=after)
    return list(tasks.select_related("run__problem").order_by("position")[: PAGE_TASKS + 1])


def own_turns(queue: LabelQueue, user: User, before: int | None) -> list[Assignment]:
    """The person's turns, the newest first, one more than a page has where there are earlier ones; one query."""
    turns = Assignment.objects.filter(labeller__user=user, labeller__team=queue.team_id, task__queue=queue)
    if before is not None:
        turns = turns.filter(pk__lt=before)
    return list(turns.select_related("task__run__problem").order_by("-pk")[: PAGE_TASKS + 1])


def skips_of(queue: LabelQueue) -> list[Assignment]:
    """The latest turns that were skipped, with their reasons; one query."""
    skipped = Assignment.objects.filter(task__queue=queue, state=Assignment.State.SKIPPED)
    return list(skipped.select_related("task", "labeller__user").order_by("-ended_at", "-pk")[:SHOWN_SKIPS])


def known_tasks(queue: LabelQueue) -> list[LabelTask]:
    """Gold and screening tasks with their verdicts, the first 500; two queries."""
    tasks: Any = LabelTask.objects.filter(queue=queue).exclude(kind=LabelTask.Kind.NORMAL)
    return list(tasks.select_related("run__problem").prefetch_related("gold").order_by("kind", "position")[:500])


def accepted_by(queue: LabelQueue) -> list[tuple[str, Accepted]]:
    """How often each person kept what was proposed to them, with their name; two queries, none without proposals."""
    if queue.prelabel_maker_id is None:
        return []
    found = accepted_share(queue)
    people = Labeller.objects.select_related("user").in_bulk({one.labeller for one in found})
    rows = [(str(people[one.labeller]), one) for one in found]
    return sorted(rows, key=lambda row: (row[0].casefold(), row[1].labeller))


def _gold_by_labeller(queue: LabelQueue) -> dict[int, list[GoldAnswer]]:
    answers = gold_answers(queue, kinds=(LabelTask.Kind.GOLD,))
    whose = dict(Assignment.objects.filter(pk__in={one.turn for one in answers}).values_list("pk", "labeller"))
    found: dict[int, list[GoldAnswer]] = {}
    for answer in answers:
        found.setdefault(whose[answer.turn], []).append(answer)
    return found
