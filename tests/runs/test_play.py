"""Playing what waits: claimed, played together, stored; what cannot be played fails with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from apps.problems.filters import ProblemFilter
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Answer, Experiment, Run, RunEvent, Score, Step
from tests.people import make_team
from workers import loaded, play
from workers.search.protocols import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem_set(db: None) -> ProblemSet:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, 8)]
    return add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)


def launched(problem_set: ProblemSet, **given: Any) -> Experiment:
    usual = {"strategy": "best_of_n", "parameters": {"n": 3}, "engine": "scripted", "scorer": "scripted", "hint": False}
    return launch_experiment(problem_set=problem_set, **{"team": problem_set.team, **usual, **given})


def test_it_plays_until_nothing_waits(problem_set: ProblemSet) -> None:
    first, second = launched(problem_set), launched(problem_set, strategy="chain_of_thought", parameters={}, scorer="")
    assert play.work(slots=3) == 14
    assert play.work() == 0
    for experiment in (first, second):
        assert set(experiment.runs.values_list("status", "attempt")) == {("finished", 1)}


def test_what_is_stored_is_whole(problem_set: ProblemSet) -> None:
    launched(problem_set)
    play.work()
    for run in Run.objects.all():
        seqs = list(RunEvent.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, run.seq + 1))
        assert Step.objects.filter(run=run).count() == Score.objects.filter(run=run).count() == run.step_count > 0
        assert Answer.objects.filter(run=run).count() == run.answer_count
        assert Step.objects.get(run=run, chosen__isnull=False).number == run.chosen
        assert run.chosen_score == run.best_score


def test_it_plays_only_the_experiment_it_is_asked_for(problem_set: ProblemSet) -> None:
    other, wanted = launched(problem_set), launched(problem_set)
    assert play.play_some(wanted.pk, slots=4) == 7
    assert play.play_some(wanted.pk, slots=4) == 0
    assert set(other.runs.values_list("status", flat=True)) == {"waiting"}


def test_as_runs_end_it_takes_more_of_any_experiment_that_the_same_models_play(
    problem_set: ProblemSet,
) -> None:
    first, alike = launched(problem_set), launched(problem_set, strategy="best_of_n", parameters={"n": 2})
    unlike = launched(problem_set, strategy="chain_of_thought", parameters={}, scorer="")
    assert play.play_some(slots=3) == 14
    for experiment in (first, alike):
        assert set(experiment.runs.values_list("status", flat=True)) == {"finished"}
    assert set(unlike.runs.values_list("status", flat=True)) == {"waiting"}


def test_who_is_told_to_stop_hands_the_runs_back_within_a_round(problem_set: ProblemSet) -> None:
    experiment = launched(problem_set)
    asked = iter([False])
    assert play.work(slots=3, stops=lambda: next(asked, True)) == 3
    assert set(experiment.runs.values_list("status", "attempt")) == {("waiting", 0)}
    assert experiment.runs.filter(seq__gt=0).count() == 3
    assert play.work(stops=lambda: True) == 0
    assert play.work() == 7
    assert set(experiment.runs.values_list("status", "attempt")) == {("finished", 1)}


def test_the_same_seed_gives_the_same_trees_whatever_the_slots(problem_set: ProblemSet) -> None:
    trees = []
    for slots in (1, 16):
        experiment = launched(problem_set, seed=3)
        play.work(slots)
        rows = Step.objects.filter(run__experiment=experiment).order_by("run_id", "number")
        trees.append(list(rows.values_list("number", "parent", "tokens", "logprob", "born", "chosen")))
    assert trees[0] == trees[1]


def test_an_engine_that_cannot_be_loaded_fails_the_runs_with_the_reason(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(params: object) -> None:
        raise RuntimeError("out of memory")

    experiment = launched(problem_set)
    monkeypatch.setattr(loaded, "_engines", {})
    monkeypatch.setattr(loaded.ENGINES, "_entries", {"scripted": _with_make(loaded.ENGINES.get("scripted"), full)})
    assert play.work() == 7
    failures = set(experiment.runs.values_list("status", "failure"))
    assert failures == {("failed", "The engine 'scripted' could not be loaded: out of memory")}
    assert set(RunEvent.objects.values_list("seq", "kind")) == {(1, "run-failed")}


@pytest.mark.parametrize(
    ("column", "key", "sentence"),
    [("engine", "gone", "Unknown engine 'gone'"), ("strategy", "gone", "Unknown strategy 'gone'")],
)
def test_a_key_that_is_gone_by_now_fails_the_runs_by_name(
    problem_set: ProblemSet, column: str, key: str, sentence: str
) -> None:
    experiment = launched(problem_set, problem_filter=ProblemFilter(first=2))
    Experiment.objects.filter(pk=experiment.pk).update(**{column: key})
    assert play.work() == 2
    assert all(failure.startswith(sentence) for failure in experiment.runs.values_list("failure", flat=True))


def test_a_bug_fails_the_runs_of_its_group_and_is_raised(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = launched(problem_set)
    engine = loaded.engine("scripted")

    def broken() -> list[Delivery]:
        raise TypeError("no such thing")

    monkeypatch.setattr(engine, "poll", broken)
    with pytest.raises(TypeError, match="no such thing"):
        play.work(slots=5)
    assert experiment.runs.filter(status="failed").count() == 5
    assert "TypeError: no such thing" in experiment.runs.filter(status="failed")[0].failure
    assert experiment.runs.filter(status="waiting").count() == 2


def test_a_run_that_is_taken_away_stops_and_the_others_go_on(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = launched(problem_set)
    engine = loaded.engine("scripted")
    written = engine.poll

    def taken_away() -> list[Delivery]:
        first = experiment.runs.order_by("id")[0]
        Run.objects.filter(pk=first.pk).update(lease_owner="another", attempt=2)
        return written()

    monkeypatch.setattr(engine, "poll", taken_away)
    assert play.work() == 7
    first, *others = experiment.runs.order_by("id")
    assert (first.status, first.lease_owner, first.seq) == ("running", "another", 1)
    assert {run.status for run in others} == {"finished"}


def _with_make(entry: Any, make: object) -> Any:
    from dataclasses import replace

    return replace(entry, make=make)
