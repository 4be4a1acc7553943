"""Agreement by queue compares what was said in that queue, whatever else was said of the same steps."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.accounts.models import Labeller, Team
from apps.labels.models import Label, LabelQueue
from apps.labels.quality import Line, quality_of
from apps.labels.quality_rows import Asked
from apps.runs.models import Run
from tests.factories import make_run_with_tree
from tests.labels.given_turns import given_queue, given_task, given_turn
from tests.labels.queue_making import NOW, make_labellers

pytestmark = pytest.mark.django_db


def say(queue: LabelQueue | None, run: Run, person: Labeller, *verdicts: str) -> None:
    """A verdict on each step from the first, in one turn at the queue or in none."""
    leaf = len(verdicts)
    task = queue and (queue.tasks.filter(run=run, number=leaf).first() or given_task(queue, run, leaf))
    turn = task and given_turn(task, person)
    for number, verdict in enumerate(verdicts, 1):
        given = {"run": run, "number": number, "verdict": verdict, "client_uuid": uuid4(), "assignment": turn}
        Label.objects.create(team=run.team, labeller=person, scores_in_view=False, created_at=NOW, **given)


def lines(team: Team) -> dict[str, Line]:
    return {line.asks["queue"]: line for line in quality_of(team, Asked()).queues}


def test_labels_of_other_queues_and_of_none_on_the_same_steps_are_not_compared(team: Team) -> None:
    run, agreed, differed = make_run_with_tree(team), given_queue(team), given_queue(team)
    first, second, third, fourth, fifth = make_labellers(team, 5)
    for person in (first, second):
        say(agreed, run, person, "good", "bad")
    say(differed, run, third, "good", "good")
    say(differed, run, fourth, "bad", "bad")
    say(None, run, fifth, "neutral", "neutral")
    found = lines(team)
    one, other = found[str(agreed.pk)].figures, found[str(differed.pk)].figures
    assert (one.labels, one.steps, one.shared, one.percent.value) == (4, 2, 2, 1.0)
    assert (other.labels, other.steps, other.shared, other.percent.value) == (4, 2, 2, 0.0)


@pytest.mark.parametrize("beside", [False, True])
def test_a_queues_line_is_what_is_told_of_the_queue_alone(team: Team, beside: bool) -> None:
    queues = [given_queue(team), given_queue(team)]
    people = make_labellers(team, 3)
    for place, queue in enumerate(queues):
        run = make_run_with_tree(team)
        say(queue, run, people[0], "good", "bad", "good")
        say(queue, run, people[1], "good", "bad" if place else "good", "unsure")
        if beside:
            say(None, run, people[2], "bad", "bad", "bad")
    for queue in queues:
        line, alone = lines(team)[str(queue.pk)].figures, quality_of(team, Asked(queue=queue.pk)).agreement
        assert (line.labels, line.steps, line.shared) == (alone.labels, alone.steps, alone.shared)
        assert (line.percent.value, line.nominal.value, line.ordinal.value) == (
            alone.percent.value,
            alone.nominal.value,
            alone.ordinal.value,
        )
