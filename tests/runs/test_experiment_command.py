"""manage.py experiment: its one JSON line, its refusals, and runs that a worker beside it has taken."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Team
from apps.config import foreground
from apps.config.management.commands import experiment as command
from apps.problems.models import Problem
from apps.problems.services import add_problems
from apps.runs import leases
from apps.runs.models import Experiment, Run
from apps.runs.sink import RunSink
from tests.runs.logs import log

pytestmark = pytest.mark.django_db
GIVEN = ("--problems", "set", "--strategy", "best_of_n", "--engine", "scripted", "--scorer", "scripted")


@pytest.fixture(autouse=True)
def problems(team: Team) -> None:
    rows = [{"statement": f"{n} 4 6 8", "answer": "24", "checker": "game24"} for n in range(1, 6)]
    add_problems(team=team, slug="set", name="Set", description="", rows=rows)


def called(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("experiment", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_one_json_line_with_the_figures() -> None:
    out, err = called(*GIVEN, "--param", "n=3", "--limit", "4", "--seed", "2", "--json")
    [line] = out.splitlines()
    row = json.loads(line)
    assert list(row) == [
        "experiment", "first_run", "problems", "accuracy", "pass_at_1", "interval", "steps", "tokens_generated",
        "tokens_computed", "scorer_tokens", "seconds",
    ]  # fmt: skip
    made = Experiment.objects.get(pk=row["experiment"])
    assert (made.parameters["n"], made.seed, made.strategy) == (3, 2, "best_of_n")
    assert row["first_run"] == min(made.runs.values_list("pk", flat=True))
    assert (row["problems"], row["accuracy"], row["pass_at_1"]) == (4, 0.0, 0.0)
    assert row["interval"][0] == 0.0 < row["interval"][1] < 1.0
    assert row["steps"] == sum(made.runs.values_list("step_count", flat=True)) > 0
    assert "4 of 4 runs have ended" in err


def test_without_json_it_prints_a_sentence() -> None:
    out, _ = called(*GIVEN)
    assert "5 problems, accuracy 0.000" in out


def test_it_tells_no_accuracy_where_nothing_can_be_told(team: Team) -> None:
    rows = [{"statement": "Why?", "checker": "exact_text"}]
    add_problems(team=team, slug="open", name="Open", description="", rows=rows)
    out, _ = called("--problems", "open", "--strategy", "chain_of_thought", "--engine", "scripted", "--json")
    row = json.loads(out)
    assert (row["accuracy"], row["pass_at_1"], row["interval"]) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--problems": "sets"}, "Unknown problem set 'sets'. Known: set."),
        ({"--strategy": "best"}, "Unknown strategy 'best'. Known: "),
        ({"--engine": "gpt"}, "Unknown engine 'gpt'. Known: "),
        ({"--scorer": "gpt"}, "Unknown scorer 'gpt'. Known: "),
        ({"--param": "m=1"}, "Parameter 'm': expected one of n, "),
        ({"--param": "n"}, "--param: expected NAME=VALUE; found 'n'."),
        ({"--team": "nobody"}, "Unknown team 'nobody'. Known: demo"),
        ({"--budget-tokens": "none of it"}, "Parameter 'tokens': expected a whole number; found 'none of it'."),
        ({"--budget-steps": "0"}, "Parameter 'steps': expected at least 1; found 0."),
        ({"--budget-seconds": "-1"}, "Parameter 'seconds': expected at least 0; found -1.0."),
        ({"--difficulty-from": "hard"}, "--difficulty-from: Expected a finite number; found 'hard'."),
        ({"--limit": "0"}, "--limit: Expected a whole number from 1 to 2147483647; found '0'."),
    ],
)
def test_it_refuses_what_it_does_not_know_by_name(change: dict[str, str], sentence: str) -> None:
    given: dict[str, str] = {**dict(zip(GIVEN[::2], GIVEN[1::2], strict=True)), **change}
    with pytest.raises(CommandError) as refusal:
        called(*(word for pair in given.items() for word in pair))
    assert str(refusal.value).startswith(sentence)
    assert not Experiment.objects.exists()


def test_no_run_outgrows_the_budget_that_was_given() -> None:
    out, _ = called(*GIVEN, "--budget-tokens", "40", "--budget-steps", "3", "--json")
    runs = Run.objects.filter(experiment=json.loads(out)["experiment"])
    assert runs.filter(outcome="out-of-budget").count() == runs.count() == 5
    assert max(runs.values_list("step_count", flat=True)) <= 3
    assert max(runs.values_list("tokens_generated", flat=True)) <= 40


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(CommandError, match="'n' is given twice"):
        called(*GIVEN, "--param", "n=3", "--param", "n=4")


def test_it_fails_with_the_reason_where_every_run_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def launched_badly(**given: Any) -> Experiment:
        experiment = launch(**given)
        Experiment.objects.filter(pk=experiment.pk).update(engine="gone")
        return experiment

    launch = command.launch_experiment
    monkeypatch.setattr(command, "launch_experiment", launched_badly)
    with pytest.raises(CommandError, match=r"5 of 5 runs failed\. The first: Unknown engine 'gone'"):
        called(*GIVEN)


def test_it_ends_with_status_2_where_some_runs_failed(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def launched_with_a_bad_problem(**given: Any) -> Experiment:
        experiment = launch(**given)
        Problem.objects.filter(pk=experiment.runs.order_by("id")[0].problem_id).update(checker="gone")
        return experiment

    launch = command.launch_experiment
    monkeypatch.setattr(command, "launch_experiment", launched_with_a_bad_problem)
    with pytest.raises(SystemExit) as end:
        command.Command().run_from_argv(["manage.py", "experiment", *GIVEN, "--json"])
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["problems"] == 5
    assert "1 of 5 runs failed. The first: Unknown checker 'gone'" in err


def test_it_waits_for_runs_that_a_worker_has_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[leases.Claim] = []
    owners: set[str] = set()

    def launched_beside_a_worker(**given: Any) -> Experiment:
        experiment = launch(**given)
        taken.extend(leases.claim(2, experiment.pk))
        return experiment

    def meanwhile(seconds: float) -> None:
        claim = taken.pop()
        owners.add(claim.owner)
        RunSink(claim.run_id, claim.attempt, claim.owner).take(log())

    launch = command.launch_experiment
    monkeypatch.setattr(command, "launch_experiment", launched_beside_a_worker)
    monkeypatch.setattr(foreground.time, "sleep", meanwhile)
    out, err = called(*GIVEN, "--json")
    assert json.loads(out)["problems"] == 5
    assert Run.objects.filter(lease_owner__in=owners, status="finished").count() == 2
    for told in (0, 3, 4, 5):
        assert f"{told} of 5 runs have ended." in err
    assert "3 of 5 runs have ended. Waiting for 2 that another process plays." in err
