"""Which runs are hidden from a person because they are still to judge them; it knows no page and answers no request.

Hidden is a run with a task that may still be theirs: in a queue that is not closed, which is open to all or where they
have a place, and which they have not submitted, while a place at it is free or their turn is open. What was skipped may
come back. In a queue with gold or screening tasks every run stays hidden until the queue is closed, submitted or not:
what is known of some would help whoever is asked next, and if those alone were hidden, that would tell which they are.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from apps.accounts.hiding import Hidden, Hider, register
from apps.accounts.models import Labeller, Team, User
from apps.labels.models import Assignment, LabelQueue, LabelTask, QueueMember

KNOWN_KINDS = (LabelTask.Kind.GOLD, LabelTask.Kind.SCREENING)


def register_hider() -> None:
    """Let the gate and every list ask for what is still to be judged."""
    register(Hider(may_be_hidden, of_run, among, why))


def may_be_hidden(team: Team, user: User) -> bool:
    """Whether there is a queue in which the person may be given something; one query over the team's queues."""
    return queues_for(team, user).exists()


def of_run(team: Team, user: User, run: str) -> Q:
    """Whether the run that the field `run` of a row holds is one of theirs to judge.

    One set of ids that is made once: asked run by run, a list of 25,000 runs that are all to be judged took minutes.
    """
    return Q(**{f"{run}__in": tasks_to_judge(team, user).values("run")})


def among(team: Team, user: User, runs: Collection[int]) -> set[int]:
    """Which of some runs are theirs to judge; one query."""
    return set(tasks_to_judge(team, user).filter(run__in=runs).values_list("run_id", flat=True))


def why(team: Team, user: User, run: int) -> Hidden | None:
    """The refusal of a run that waits for the person, with the queue it waits in, the oldest of several; one query."""
    # The newest task first would need no order; the oldest queue is the one whose work began first.
    task = tasks_to_judge(team, user).filter(run=run).select_related("queue").order_by("queue", "pk").first()
    if task is None:
        return None
    queue: LabelQueue = task.queue
    # One sentence for tasks of every kind: it must not tell which are gold.
    sentence = f"Run {run} waits for judgement in “{queue.name}”. It can be looked at when that is done."
    return Hidden(sentence, words=f"Go on in “{queue.name}”", address=_place_of(queue, team))


def queues_for(team: Team, user: User) -> QuerySet[LabelQueue]:
    """The queues, not closed, that may give the person tasks: open ones, and those they have a place or a turn in."""
    place = QueueMember.objects.filter(queue=OuterRef("pk"), user=user)
    turn = Assignment.objects.filter(task__queue=OuterRef("pk"), labeller__user=user, state=Assignment.State.OPEN)
    queues = LabelQueue.objects.filter(team=team).exclude(state=LabelQueue.State.CLOSED)
    return queues.filter(Q(access=LabelQueue.Access.OPEN) | Exists(place) | Exists(turn))


def tasks_to_judge(team: Team, user: User) -> QuerySet[LabelTask]:
    """The tasks that hide their run from the person, in no order."""
    labeller = Labeller.objects.filter(team=team, user=user).values("pk")
    turns = Assignment.objects.filter(task=OuterRef("pk"), labeller__in=labeller)
    refused = QueueMember.objects.filter(queue=OuterRef("queue"), user=user, state=QueueMember.State.REFUSED)
    is_open = Exists(turns.filter(state=Assignment.State.OPEN))
    is_submitted = Exists(turns.filter(state=Assignment.State.SUBMITTED))
    may_be_given = Q(submitted__lt=F("wanted")) & ~Q(is_submitted) & ~Q(Exists(refused))
    known = LabelTask.objects.filter(queue=OuterRef("queue"), kind__in=KNOWN_KINDS)
    return LabelTask.objects.filter(
        Q(Exists(known)) | Q(is_open) | may_be_given, queue__in=queues_for(team, user)
    ).order_by()


def _place_of(queue: LabelQueue, team: Team) -> str:
    return reverse("labelling:label", kwargs={"team": team.slug, "queue": queue.pk})
