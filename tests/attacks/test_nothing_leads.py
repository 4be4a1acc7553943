"""Whoever is still to judge a run reads no score, label, gold verdict, comment or answer of it, at no address at all.

Every route that answers GET is walked, with each thing of the run that an address can name; words and an odd number
stand in all that would lead. That the walk can find them is shown by an owner, who does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import foreign_labeller
from apps.discussions.services import open_thread
from apps.labels.models import GoldVerdict, Label, LabelQueue
from apps.runs.models import Answer, Experiment, Maker, Run, Score
from tests.attacks.asking import content, undone
from tests.attacks.examples import ASKED, values
from tests.attacks.routes import team_routes
from tests.attacks.sockets import NO_RIGHT, TOLD, answer, socket_routes
from tests.attacks.world import Person, World
from tests.labels.queued import queue_over, turn_of

pytestmark = pytest.mark.django_db

SCORE = 0.8765432
WORDS = ("zqreason", "zqcritique", "zqgold", "zqcomment", "zqclass", "zqforeign")
# As a page prints it, as JSON has it, and as the columns of a tree have it.
SIGNS = {word: (word.encode(),) for word in WORDS} | {
    "score": (b"0.877", b"0.87654", *(struct.pack(f"<{form}", SCORE) for form in "efd"))
}


@pytest.fixture
def led(world: World) -> Iterator[World]:
    """The world, where everything that would lead is said of one run."""
    with undone():
        run = Run.objects.get(pk=world.things["run"])
        owner = User.objects.get(email="owner@example.org")
        judge = Maker.objects.get(key=f"judge own {run.pk}")
        Score.objects.create(run=run, seq=run.seq + 2, number=1, maker=judge, value=SCORE)
        Run.objects.filter(pk=run.pk).update(chosen=run.step_count, chosen_score=SCORE, best_score=SCORE, correct=True)
        ended = {"text": "zqclass", "class_key": "zqclass", "correct": True, "checker": "exact_text", "version": 1}
        Answer.objects.create(run=run, number=run.step_count, **ended)
        said = {"verdict": "bad", "reason": "zqreason", "critique": "zqcritique", "created_at": timezone.now()}
        other = foreign_labeller(world.team, "zqforeign")
        Label.objects.create(team=world.team, run=run, number=1, labeller=other, client_uuid=uuid4(), **said)
        by_annotator = {"by": owner, "text": "zqcomment, @annotator", "client_uuid": uuid4()}
        comment = open_thread(team=world.team, kind="run", key=str(run.pk), **by_annotator)
        named = {"thread": comment.thread_id, "comment": comment.pk, "imported": run.experiment_id}
        yield replace(world, things={**world.things, **named})


def waiting(world: World, kind: str = "normal") -> LabelQueue:
    """A queue with the run in it, for the annotator and whoever else is asked."""
    run = Run.objects.get(pk=world.things["run"])
    queue = queue_over(run, annotator_of(), kind=kind)
    if kind == "gold":
        GoldVerdict.objects.create(task=queue.tasks.get(), number=1, verdict="bad", reason="zqgold")
    return queue


def annotator_of() -> User:
    return User.objects.get(email="annotator@example.org")


def addresses(world: World) -> Iterator[str]:
    """Every address of the team with each thing of the run it can name, plainly and asked for in each known way."""
    run = Run.objects.get(pk=world.things["run"])
    several = {
        "number": range(1, run.step_count + 1),
        "position": range(1, run.step_count + 1),
        "experiment": Experiment.objects.filter(team=world.team).values_list("pk", flat=True),
        "kind": ("step", "run"),
        "key": (str(run.pk), f"{run.pk}:1", *world_keys(world)),
    }
    for route in team_routes():
        usual = values(route, world)
        names = [name for name in route.things if name in several]
        choices = product(*({usual[name], *several[name]} for name in names))
        for chosen in choices:
            address = route.address({**usual, **dict(zip(names, chosen, strict=True))})
            yield address
            for name, word in ASKED.get(route.name, {}).items():
                yield f"{address}?{name}={world.things[word]}"


def world_keys(world: World) -> tuple[str, ...]:
    """Keys that addresses take, such as of overlays."""
    return (world.things["overlay"], "labels", "comments")


def found(world: World, person: Person) -> dict[str, set[str]]:
    """By sign, the addresses whose answer holds it; `listed`: pages that lead to the run, `broken`: bugs."""
    where: dict[str, set[str]] = {}
    for address in addresses(world):
        cache.clear()  # nobody has asked too often
        with undone():
            reply = person.ask("GET", address)
            if reply.status_code >= 500:
                where.setdefault("broken", set()).add(address)
            said = content(reply) + repr(sorted(reply.items())).encode()
        if reply.status_code == 200 and f"/runs/{world.things['run']}/".encode() in said:
            where.setdefault("listed", set()).add(address)
        for sign, forms in SIGNS.items():
            if any(form in said for form in forms):
                where.setdefault(sign, set()).add(address)
    return where


def test_the_walk_finds_what_leads_where_it_may_be_read(led: World) -> None:
    seen = found(led, led.owner)
    assert set(SIGNS) - set(seen) <= {"zqgold", "zqcritique"}  # shown where people settle, which asks for a turn
    assert "broken" not in seen


def test_whoever_is_still_to_judge_a_run_reads_nothing_that_leads(led: World) -> None:
    waiting(led)
    seen = found(led, led.people["annotator"])
    # One's mentions say that somebody wrote about the run, and not what; everywhere else it is not even listed.
    assert {address.removeprefix("/t/ours/") for address in seen.pop("listed")} == {"mentions/"}
    assert seen == {}


def test_who_has_submitted_reads_all_of_it(led: World) -> None:
    turn_of(waiting(led), annotator_of(), "submitted")
    assert set(found(led, led.people["annotator"])) >= {"score", "zqreason", "zqcomment", "zqclass"}


def test_what_is_gold_leads_nobody_even_when_it_was_submitted(led: World) -> None:
    turn_of(waiting(led, "gold"), annotator_of(), "submitted")
    assert set(found(led, led.people["annotator"])) == {"listed"}


def test_sockets_of_the_run_are_closed_until_it_is_submitted(led: World) -> None:
    queue, person = waiting(led), led.people["annotator"]
    of_runs = [route for route in socket_routes() if "run" in route.things]
    assert of_runs

    def answers() -> set[int]:
        return {answer(route.address(values(route, led)), person) for route in of_runs}

    assert answers() == {NO_RIGHT}
    turn_of(queue, annotator_of(), "submitted")
    assert answers() == {TOLD}
