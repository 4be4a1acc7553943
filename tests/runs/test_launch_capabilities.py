"""What does not fit together or cannot be read is refused at launch, by name, and no model is loaded for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.filters import ProblemFilter
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs.capabilities import check_plug_ins
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment
from workers.engines import ENGINES
from workers.engines.scripted import ScriptedEngine
from workers.scorers import SCORERS
from workers.search.registry import CAPABILITIES, Entry, NoParams
from workers.search.strategies import STRATEGIES

ENGINE = "limited"


@pytest.fixture
def limited() -> Iterator[str]:
    """An engine that draws whole texts only."""
    ENGINES._entries[ENGINE] = Entry(
        ENGINE, "Limited", "Draws.", 1, NoParams, ScriptedEngine, gives=frozenset({"samples"})
    )
    yield ENGINE
    del ENGINES._entries[ENGINE]


@pytest.fixture
def mixed(team: Team) -> ProblemSet:
    """Five problems, of which the second and the fourth are in words."""
    statements = ["8?2?6=60", "What is 1?", "1?2?3=6", "Why?", "9?9=18"]
    rows = [{"statement": text, "source": "words" if "W" in text else "signs"} for text in statements]
    return add_problems(team=team, slug="mixed", name="Mixed", description="", rows=rows)


def launched(problem_set: ProblemSet, **given: Any) -> Experiment:
    usual: dict[str, Any] = {"strategy": "chain_of_thought", "parameters": {}, "engine": "tiny-policy"}
    return launch_experiment(team=problem_set.team, problem_set=problem_set, hint=False, **{**usual, **given})


@pytest.mark.parametrize("strategy", STRATEGIES.keys())
def test_every_shipped_strategy_fits_every_shipped_engine_and_scorer(strategy: str) -> None:
    for engine in ENGINES.keys():  # noqa: SIM118 (a catalogue is no mapping)
        for scorer in SCORERS.keys():  # noqa: SIM118
            check_plug_ins(strategy, engine, scorer)


@pytest.mark.parametrize("strategy", [entry.key for entry in STRATEGIES if entry.needs_scorer])
def test_a_strategy_that_needs_scores_is_refused_without_a_scorer(strategy: str) -> None:
    with pytest.raises(Refused, match=f"Strategy '{strategy}' needs a scorer. Known: .*tiny-prm") as refusal:
        check_plug_ins(strategy, "scripted", "")
    assert set(refusal.value.fields) == {"scorer"}


def test_what_an_engine_cannot_give_is_named(limited: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_plug_ins("beam", limited, "scripted")
    assert str(refusal.value) == (
        "Strategy 'beam' needs to be stopped at the end of each step: engine 'limited' and scorer 'scripted' cannot"
        " give it. Choose others."
    )
    check_plug_ins("best_of_n", limited, "scripted")


def test_a_capability_that_nobody_knows_cannot_be_registered() -> None:
    entry: Entry[Any] = Entry("own", "Own", "Made by a test.", 1, NoParams, ScriptedEngine, gives=frozenset({"wings"}))
    with pytest.raises(ValueError, match=f"expected capabilities among {', '.join(CAPABILITIES)}; found wings"):
        ENGINES.add(entry)


def test_problems_that_the_engine_cannot_read_are_counted_and_the_first_is_named(mixed: ProblemSet) -> None:
    with pytest.raises(Refused) as refusal:
        launched(mixed)
    assert str(refusal.value) == (
        "Engine 'tiny-policy' cannot read 2 of 5 texts. The first is problem 2: Expected a text that this model's"
        " tokenizer knows; found 'W' in 'What is 1?'. Choose another engine, or leave these problems out by the filter."
    )
    assert set(refusal.value.fields) == {"engine"}
    assert not Experiment.objects.exists()


def test_a_scorer_is_asked_as_well(mixed: ProblemSet) -> None:
    with pytest.raises(Refused, match=r"Scorer 'tiny-prm' cannot read 2 of 5 texts\. The first is problem 2"):
        launched(mixed, engine="scripted", scorer="tiny-prm")


def test_problems_that_the_filter_leaves_out_need_not_be_read(mixed: ProblemSet) -> None:
    experiment = launched(mixed, problem_filter=ProblemFilter(source="signs"))
    assert experiment.problem_filter == {"source": "signs"}
    assert [run.problem.position for run in experiment.runs.order_by("id").select_related("problem")] == [1, 3, 5]


def test_a_filter_that_nothing_passes_is_refused(mixed: ProblemSet) -> None:
    with pytest.raises(Refused, match="No problem of set 'mixed' passes the filter: widen it"):
        launched(mixed, problem_filter=ProblemFilter(text="nowhere"))
