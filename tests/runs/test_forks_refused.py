"""What cannot be forked is refused by a sentence that says what there is and what to do, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.forks import TEXT_LIMIT, branch_run, continue_run
from apps.runs.launching import MAX_SEED
from apps.runs.models import Experiment, Run
from tests.runs.forking import imported, played
from workers.search.errors import BadParameter, UnknownKey

pytestmark = pytest.mark.django_db
BIG = 2**63


@pytest.fixture
def run(team: Team) -> Run:
    return played(team)


@pytest.fixture(autouse=True)
def _nothing_is_written(run: Run) -> Any:
    before = set(Experiment.objects.values_list("pk", flat=True)), set(Run.objects.values_list("pk", flat=True))
    yield
    imports = Experiment.objects.filter(kind="imported").values_list("pk", flat=True)
    assert set(Experiment.objects.values_list("pk", flat=True)) - set(imports) == before[0]
    assert set(Run.objects.exclude(experiment__in=imports).values_list("pk", flat=True)) == before[1]


@pytest.mark.parametrize(
    ("number", "given", "error", "sentence"),
    [
        (9999, {}, Refused, "has no step 9999; its steps: 1 to "),
        (-1, {}, Refused, "has no step -1"),
        (BIG, {}, Refused, f"has no step {BIG}"),
        (0, {"text": "Other"}, Refused, "The question cannot be edited"),
        (1, {"text": " \n"}, Refused, "Expected a text of 1 to 100,000 characters; found an empty one"),
        (1, {"text": "a" * (TEXT_LIMIT + 1)}, Refused, "found 100,001 characters"),
        (1, {"strategy": "mcts"}, UnknownKey, "Unknown strategy 'mcts'. Known: "),
        (1, {"engine": "gpt"}, UnknownKey, "Unknown engine 'gpt'. Known: "),
        (1, {"scorer": "gpt"}, UnknownKey, "Unknown scorer 'gpt'. Known: "),
        (1, {"scorer": ""}, Refused, "Strategy 'beam' needs a scorer"),
        (1, {"parameters": {"m": 1}}, BadParameter, "Parameter 'm': expected one of n, "),
        (1, {"budget": {"tokens": 0}}, BadParameter, "Parameter 'tokens'"),
        (1, {"budget": {"money": 1}}, BadParameter, "Parameter 'money'"),
        (1, {"seed": -1}, Refused, "Expected a seed from 0 to "),
        (1, {"seed": MAX_SEED + 1}, Refused, "Expected a seed from 0 to "),
    ],
)
def test_a_branch_from_what_is_not_there_is_refused(
    run: Run, number: int, given: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refusal:
        branch_run(run, number, hint=False, **given)
    assert sentence in str(refusal.value)


def test_a_step_whose_text_has_ended_is_refused_unless_it_is_edited(run: Run) -> None:
    assert run.chosen is not None
    with pytest.raises(Refused, match=f"The text of step {run.chosen} has ended, so nothing can follow it"):
        branch_run(run, run.chosen, hint=False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"engine": "scripted"}, "was imported, so no strategy of ours has played it: name one. Known: "),
        ({"strategy": "best_of_n"}, "was imported, so no engine of ours has played it: name one. Known: "),
    ],
)
def test_an_imported_run_has_neither_strategy_nor_engine(team: Team, given: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        branch_run(imported(team), 1, hint=False, **given)
    assert sentence in str(refusal.value)


def test_an_imported_run_cannot_be_continued(team: Team) -> None:
    with pytest.raises(Refused, match="so it cannot be continued"):
        continue_run(imported(team), 2, seed=1, hint=False)


@pytest.mark.parametrize(
    ("seq", "given", "sentence"),
    [
        (0, {}, "has no event 0; its events: 1 to "),
        (BIG, {}, f"has no event {BIG}"),
        (1, {}, "has no whole move of its strategy up to event 1: its first one ends with event "),
        (100, {"seed": MAX_SEED + 1}, "Expected a seed from 0 to "),
    ],
)
def test_a_continuation_from_what_is_not_there_is_refused(
    run: Run, seq: int, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        continue_run(run, seq, hint=False, **{"seed": 1, **given})
    assert sentence in str(refusal.value)


def test_a_finished_run_with_nothing_changed_is_refused(run: Run) -> None:
    for same in ({}, {"seed": run.experiment.seed}, {"engine": "scripted"}):
        with pytest.raises(Refused, match="with the same seed and engine it would come out as it is"):
            continue_run(run, run.seq, hint=False, **same)


def test_a_strategy_that_has_changed_since_is_refused(run: Run) -> None:
    Experiment.objects.filter(pk=run.experiment_id).update(strategy_version=99)
    run.experiment.refresh_from_db()
    with pytest.raises(Refused, match="was played by version 99 of strategy 'beam', which is now at version"):
        continue_run(run, run.seq, seed=1, hint=False)


def test_a_run_that_has_not_begun_has_nothing_to_continue(run: Run) -> None:
    waiting = Run(team=run.team, experiment=run.experiment, problem=run.problem)
    with pytest.raises(Refused, match="has no event 1; its events: none yet"):
        continue_run(waiting, 1, seed=1, hint=False)
