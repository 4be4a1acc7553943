"""Forks played by the shipped models: from their own steps, from an edited one, and from steps of foreign files."""

from __future__ import annotations

import pytest
from django.conf import settings

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.imports.services import import_file
from apps.problems.services import add_problems
from apps.runs.forks import branch_run, continue_run
from apps.runs.log import read_log
from apps.runs.models import Run, StepText
from tests.runs.forking import branch_of, played, replayed
from workers.search.events import StepAdded, StepScored

pytest.importorskip("torch")
pytestmark = [pytest.mark.django_db, pytest.mark.torch, pytest.mark.slow_models]
MODELS = {"engine": "tiny-policy", "scorer": "tiny-prm", "hint": False}


@pytest.fixture
def run(team: Team) -> Run:
    rows = [{"statement": "8?2?6?9?8?6=43", "checker": "puzzle"}]
    problem_set = add_problems(team=team, slug="puzzle", name="Puzzle", description="", rows=rows)
    return played(team, problem_set=problem_set, engine="tiny-policy", scorer="tiny-prm")


def grown(fork: Run) -> list[StepAdded]:
    assert (fork.status, fork.failure) == ("finished", "")
    steps = [event for event in read_log(fork.pk) if isinstance(event, StepAdded)]
    return [step for step in steps if step.origin == "generated"]


def test_every_step_of_a_fork_is_scored_and_what_is_inherited_costs_nothing(run: Run) -> None:
    number = run.steps.filter(terminal=False).order_by("-depth").values_list("number", flat=True)[0]
    fork = replayed(branch_run(run, number, hint=False))
    drawn, log = grown(fork), read_log(fork.pk)
    assert drawn
    assert {event.number for event in log if isinstance(event, StepScored)} == set(range(1, fork.step_count + 1))
    inherited = [event for event in log if isinstance(event, StepAdded) and event.origin == "inherited"]
    assert [(event.text, event.trace) for event in inherited] == [
        (event.text, event.trace) for event in branch_of(run, number)
    ]
    assert sum(event.computed for event in inherited) == 0


def test_the_policy_goes_on_from_a_text_that_a_person_wrote(run: Run) -> None:
    fork = replayed(branch_run(run, 1, text="8-2=6\n", hint=False))
    drawn = grown(fork)
    assert StepText.objects.get(run=fork, number=1).text == "8-2=6\n"
    assert min(step.parent for step in drawn) == 1


def test_a_continuation_keeps_what_was_recorded_and_draws_the_rest_anew(run: Run) -> None:
    fork = replayed(continue_run(run, run.seq // 2, seed=3, hint=False))
    assert grown(fork)
    assert read_log(fork.pk)[: fork.parent_seq] == read_log(run.pk)[: fork.parent_seq]


def test_another_engine_goes_on_from_what_the_policy_has_written(run: Run) -> None:
    fork = replayed(continue_run(run, run.seq // 2, engine="scripted", hint=False))
    makers = {(step.born > (fork.parent_seq or 0), step.maker.key) for step in fork.steps.select_related("maker")}
    assert (fork.status, fork.failure, fork.seed) == ("finished", "", run.seed)
    assert makers == {(False, "tiny-policy"), (True, "scripted")}


@pytest.mark.parametrize("name", ["prm800k.jsonl", "tree-of-thoughts-game24.json"])
def test_a_text_that_the_tokenizer_does_not_know_is_refused_before_a_fork_is_made(team: Team, name: str) -> None:
    import_file(team, settings.BRANCHWISE.fixtures_dir / "demo" / name, name)
    imported = Run.objects.select_related("experiment", "problem__problem_set").earliest("pk")
    with pytest.raises(Refused, match=r"Engine 'tiny-policy' cannot read [12] of 2 texts.*tokenizer knows; found "):
        branch_run(imported, 1, strategy="best_of_n", parameters={"n": 2}, **MODELS)
    assert not imported.forks.exists()


def test_an_imported_run_goes_on_from_a_text_that_the_tokenizer_knows(team: Team) -> None:
    name = "tree-of-thoughts-game24.json"
    import_file(team, settings.BRANCHWISE.fixtures_dir / "demo" / name, name)
    imported = Run.objects.select_related("experiment", "problem__problem_set").earliest("pk")
    fork = branch_run(imported, 1, text="4+5=9\n", strategy="best_of_n", parameters={"n": 2}, **MODELS)
    assert grown(replayed(fork))
