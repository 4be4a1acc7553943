"""Branches: the new run holds the steps down to one step, goes on from it by any strategy, and needs no parent."""

from __future__ import annotations

import pytest

from apps.accounts.models import Team, User
from apps.runs.forks import branch_run
from apps.runs.log import read_log
from apps.runs.models import Experiment, Run, Step, StepText
from tests.runs.forking import SOURCE, branch_of, imported, played, replayed
from tests.runs.logs import rows_of
from workers.search.events import Event, RunStarted, StepAdded

pytestmark = pytest.mark.django_db


def unended(run: Run) -> int:
    """The number of the deepest step that can be continued."""
    return run.steps.filter(terminal=False).order_by("-depth", "number").values_list("number", flat=True)[0]


def _parts(fork: Run, inherited: int) -> tuple[Event, list[StepAdded], list[StepAdded]]:
    """The event after the inherited steps, these, and the others."""
    log = read_log(fork.pk)
    steps = [event for event in log if isinstance(event, StepAdded)]
    assert steps[:inherited] == log[:inherited]
    return log[inherited], steps[:inherited], steps[inherited:]


def test_it_inherits_the_branch_and_goes_on_from_it(team: Team) -> None:
    parent = played(team)
    number = unended(parent)
    branch = branch_of(parent, number)
    fork = branch_run(parent, number, hint=False)
    assert (fork.status, fork.step_count, fork.seq) == ("waiting", len(branch), len(branch))
    fork = replayed(fork)
    assert (fork.status, fork.failure) == ("finished", "")
    started, inherited, grown = _parts(fork, len(branch))
    assert isinstance(started, RunStarted)
    for event, original in zip(inherited, branch, strict=True):
        assert (event.text, event.maker, event.trace) == (original.text, original.maker, original.trace)
        assert (event.origin, event.generated, event.computed, event.terminal) == ("inherited", 0, 0, False)
    assert min(event.parent for event in grown) == len(branch)
    assert fork.tokens_generated == sum(getattr(event, "generated", 0) for event in read_log(fork.pk)) > 0
    assert fork.best_score is not None


def test_it_is_as_the_parent_was_played_but_for_what_is_given(team: Team, owner: User) -> None:
    parent = played(team, budget={"tokens": 500})
    same = branch_run(parent, 1, hint=False).experiment
    assert (same.kind, same.strategy, same.engine, same.scorer) == ("fork", "beam", "scripted", "scripted")
    assert (same.parameters, same.budget) == (parent.experiment.parameters, {"tokens": 500})
    changed = branch_run(parent, 1, parameters={"n": 8}, scorer="scripted", budget={}, seed=3, hint=False).experiment
    assert changed.parameters == {**parent.experiment.parameters, "n": 8}
    assert (changed.budget, changed.seed) == ({}, 3)
    other = branch_run(parent, 1, strategy="self_consistency", scorer="", created_by=owner, name="Mine", hint=False)
    assert (other.experiment.strategy, other.experiment.scorer, other.experiment.name) == (
        "self_consistency",
        "",
        "Mine",
    )
    assert "width" not in other.experiment.parameters
    assert other.experiment.created_by == owner
    assert (other.problem, other.team, other.parent_run, other.parent_step) == (parent.problem, team, parent, 1)


def test_a_branch_of_the_question_is_a_run_of_its_own(team: Team) -> None:
    fork = replayed(branch_run(played(team), 0, strategy="chain_of_thought", hint=False))
    assert (fork.status, fork.parent_step) == ("finished", 0)
    assert set(fork.steps.values_list("origin", flat=True)) == {"generated"}


def test_an_edited_text_replaces_the_step_and_is_its_editors(team: Team, owner: User) -> None:
    parent = played(team)
    text = "take 6 and double\tit\n"
    fork = branch_run(parent, parent.chosen or 0, text=text, created_by=owner, hint=False)
    last = fork.steps.select_related("maker").get(number=fork.step_count)
    assert (last.origin, last.terminal, last.maker.kind, last.maker.key) == ("edited", False, "person", owner.name)
    assert StepText.objects.get(run=fork, number=last.number).text == text
    assert replayed(fork).status == "finished"


def test_the_same_text_edits_nothing(team: Team) -> None:
    parent = played(team)
    number = unended(parent)
    text = StepText.objects.get(run=parent, number=number).text
    fork = branch_run(parent, number, text=text, hint=False)
    assert set(fork.steps.values_list("origin", flat=True)) == {"inherited"}


def test_an_imported_step_is_continued_by_any_strategy(team: Team) -> None:
    parent = imported(team)
    fork = replayed(branch_run(parent, 2, strategy="best_of_n", engine="scripted", scorer="scripted", hint=False))
    assert (fork.status, fork.failure) == ("finished", "")
    log = [event for event in read_log(fork.pk) if isinstance(event, StepAdded)]
    assert [(event.text, event.maker, event.origin) for event in log[:2]] == [
        ("First.\n", SOURCE, "inherited"), ("Second.\n", SOURCE, "inherited")
    ]  # fmt: skip
    assert {event.origin for event in log[2:]} == {"generated"}


def test_a_branch_of_a_branch_inherits_what_that_one_did(team: Team) -> None:
    first = replayed(branch_run(played(team), 1, text="split 6 and move it\n", hint=False))
    second = branch_run(first, unended(first), hint=False)
    assert (second.parent_run, set(second.steps.values_list("origin", flat=True))) == (first, {"inherited"})
    assert StepText.objects.get(run=second, number=1).text == "split 6 and move it\n"
    assert replayed(second).status == "finished"


def test_the_child_plays_though_its_parent_is_deleted(team: Team) -> None:
    parent = played(team)
    number = unended(parent)
    kept, orphan = branch_run(parent, number, hint=False), branch_run(parent, number, hint=False)
    kept = replayed(kept)
    parent_id, steps = parent.pk, Step.objects.filter(run=parent)
    Experiment.objects.get(pk=parent.experiment_id).delete()
    assert not steps.exists()
    orphan = replayed(orphan)
    assert (orphan.parent_run, orphan.parent_step, orphan.source) == (None, number, str(parent_id))
    assert orphan.status == "finished"
    assert rows_of(orphan.pk)["texts"] == rows_of(kept.pk)["texts"]
