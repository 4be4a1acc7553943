"""What a team has of labelling, one of everything: a queue, a turn, a guideline, a critique, a pre-label and so on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.models import (
    Adjudication,
    Assignment,
    AssignmentChange,
    CritiqueRating,
    GoldVerdict,
    Guideline,
    GuidelineReading,
    GuidelineVersion,
    Label,
    LabelQueue,
    LabelTask,
    OwnStep,
    Prelabel,
    QueueMember,
)
from apps.runs.models import Maker, Run


def labelling(team: Team, person: User, word: str, *, run: int, steps: int, versions: int) -> dict[str, Any]:
    """Fill a team that has a run of that many steps, one below the other; returns by word what addresses name.

    The queue is the person's alone, so that nothing is hidden from anybody else: who may see what is asked elsewhere.
    assignment: their open turn; label: another's with a critique, on step 1, which they too have called bad;
    version: the number of the guideline's newest one.
    """
    labeller, other = labeller_of(team, person), foreign_labeller(team, word)
    guideline = guideline_of(team, person, word, versions)
    queue = LabelQueue.objects.create(
        team=team,
        name=f"Queue {word}",
        access=LabelQueue.Access.ASSIGNED,
        guideline=guideline,
        wanted=2,
        gold_share=0.1,
        prelabel_maker=Maker.objects.get(key=f"judge {word} {run}"),
        prelabel_good=0.4,
        prelabel_bad=0.2,
        created_by=person,
    )
    member = QueueMember.objects.create(queue=queue, user=person)
    tasks = tasks_of(queue, person, word, run, steps)
    turn = turn_at(tasks["normal"], labeller)
    critique = judged(turn, labeller, other, word)
    return {
        "person": person.pk,
        "queue": queue.pk,
        "queue_member": member.pk,
        "task": tasks["normal"].pk,
        "gold": tasks["gold"].pk,
        "assignment": turn.pk,
        "guideline": guideline.pk,
        "version": versions,
        "labeller": labeller.pk,
        "label": critique.pk,
    }


def guideline_of(team: Team, person: User, word: str, versions: int) -> Guideline:
    """A guideline with that many versions, all of which the person has read."""
    guideline = Guideline.objects.create(team=team, name=f"Guideline {word}")
    for number in range(1, versions + 1):
        given = {"text": f"Judge by {word}.", "summary": f"Said {word}.", "created_by": person}
        version = GuidelineVersion.objects.create(guideline=guideline, number=number, **given)
        GuidelineReading.objects.create(version=version, user=person)
    return guideline


def tasks_of(queue: LabelQueue, person: User, word: str, run: int, steps: int) -> dict[str, LabelTask]:
    """One task of every kind, by kind; the normal one is taken once."""
    tasks = {
        kind.value: LabelTask.objects.create(
            queue=queue, run_id=run, number=steps, kind=kind, position=0, wanted=2, taken=int(kind == "normal")
        )
        for kind in LabelTask.Kind
    }
    for kind in ("gold", "screening"):
        known = {"number": steps, "verdict": "good", "reason": f"Known {word}", "created_by": person}
        GoldVerdict.objects.create(task=tasks[kind], **known)
    return tasks


def turn_at(task: LabelTask, labeller: Labeller) -> Assignment:
    """An open turn, kept for half an hour, with the row that says it was opened."""
    turn = Assignment.objects.create(task=task, labeller=labeller, lease_until=timezone.now() + timedelta(minutes=30))
    AssignmentChange.objects.create(assignment=turn, client_uuid=uuid4(), state="open", made_by=labeller)
    return turn


def judged(turn: Assignment, labeller: Labeller, other: Labeller, word: str) -> Label:
    """Step 1 as both call it bad, the other with a critique, which the first has rated; with a pre-label, a step of
    their own and a settled verdict. Returns the label with the critique."""
    run: Run = turn.task.run
    team, place = run.team, {"team": run.team, "run": run, "number": 1}
    given = {"verdict": "bad", "reason": word, "scores_in_view": False, "created_at": timezone.now()}
    Label.objects.create(**place, **given, labeller=labeller, assignment=turn, client_uuid=uuid4())
    critique = Label.objects.create(**place, **given, labeller=other, critique=f"Wrong {word}", client_uuid=uuid4())
    CritiqueRating.objects.create(label=critique, labeller=labeller, verdict="good", client_uuid=uuid4())
    own = {"run": run, "parent": 1, "text": f"Rather {word}", "client_uuid": uuid4()}
    OwnStep.objects.create(team=team, labeller=labeller, assignment=turn, **own)
    judge = Maker.objects.create(kind="judge", key=f"elsewhere {word} {run.pk}")
    Prelabel.objects.create(**place, maker=judge, verdict="bad", value=0.9)
    Adjudication.objects.create(**place, verdict="bad", settled_by=labeller, reason=word, labels=[critique.pk])
    return critique
