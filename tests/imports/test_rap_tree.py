"""An imported tree search, folded up to any of its iterations, is what the file says of the tree after that one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.accounts.models import Team
from apps.imports.services import import_file
from apps.runs.models import Answer, Run, RunEvent, Score, Step, StepText, Visit
from tests.trees.folding import folded

pytestmark = pytest.mark.django_db
FIXTURES = settings.BRANCHWISE.fixtures_dir
REAL = FIXTURES / "demo" / "rap-blocksworld.json"
MADE = FIXTURES / "traces" / "rap_tree"
every_tree = pytest.mark.parametrize(
    "file", [REAL, MADE / "two_ends.json", MADE / "nothing_chosen.json"], ids=lambda file: file.name
)
CASES = Path(__file__).resolve().parents[1] / "js" / "visits_cases.json"
ANEW = "WRITE_VISITS_CASES"
# Two branches, 1 to 2 and 3; every simulation credits its whole branch with one value. Reckoned by hand.
ALIKE: dict[str, Any] = {
    "parents": [0, 1, 0],
    "born": [2, 3, 5],
    "visits": {"seq": [4, 6, 7], "number": [2, 3, 0], "value": [1.0, 0.0, 0.25], "returns": None},
    "moments": [
        {"cursor": 3, "visits": [0, 0, 0], "mean": [None, None, None]},
        {"cursor": 4, "visits": [1, 1, 1], "mean": [1.0, 1.0, 1.0]},
        {"cursor": 6, "visits": [2, 1, 1, 1], "mean": [0.5, 1.0, 1.0, 0.0]},
        {"cursor": 7, "visits": [3, 1, 1, 1], "mean": [1.25 / 3, 1.0, 1.0, 0.0]},
    ],
}


def imported(team: Team, file: Path) -> Run:
    report = import_file(team, file, file.name)
    assert (report.format, report.runs, report.rejected) == ("rap_tree", 1, ())
    return Run.objects.get(experiment_id=report.experiment)


def numbers_of(run: Run) -> dict[int, int]:
    """The file's node ids to step numbers."""
    nodes = RunEvent.objects.get(run=run, kind="note").data["data"]["nodes"]
    return {node["id"]: node["number"] for node in nodes}


def snapshots(run: Run, file: Path) -> list[tuple[int, dict[int, dict[str, Any]]]]:
    """For each iteration the event of its visit, and what the file says of each step then."""
    number = numbers_of(run)
    ends = Visit.objects.filter(run=run).order_by("seq").values_list("seq", flat=True)
    said = json.loads(file.read_bytes())["tree_after_each_iter"]
    return [(seq, {number[node["id"]]: node for node in snapshot}) for seq, snapshot in zip(ends, said, strict=True)]


@every_tree
def test_after_every_iteration_visits_and_values_are_those_of_the_file(team: Team, file: Path) -> None:
    run = imported(team, file)
    for seq, said in snapshots(run, file):
        fold = folded(run, seq)
        assert fold.visits == {number: node["visits"] for number, node in said.items()}
        for number, node in said.items():
            expected = None if node["Q"] is None else pytest.approx(node["Q"], rel=1e-9, abs=1e-9)
            assert fold.mean[number] == expected


@every_tree
def test_after_every_iteration_the_steps_are_the_nodes_of_the_file(team: Team, file: Path) -> None:
    run = imported(team, file)
    number = numbers_of(run)
    texts = dict(StepText.objects.filter(run=run).values_list("number", "text"))
    for seq, said in snapshots(run, file):
        born = Step.objects.filter(run=run, born__lte=seq)
        parents = {number[node["id"]]: number[node["parent_id"]] for node in said.values() if node["action"]}
        assert dict(born.values_list("number", "parent")) == parents
        assert all(texts[at].split("\n")[0] == said[at]["action"] for at in parents)


def test_the_trees_rewards_goal_and_choice_stand_with_its_steps(team: Team) -> None:
    run = imported(team, REAL)
    assert (run.step_count, run.chosen, run.outcome, run.correct) == (15, 11, "answered", True)
    assert (run.answer_count, run.right_count, run.chosen_score) == (1, 1, 49.69714164733887)
    scores = Score.objects.filter(run=run, number=11).order_by("seq").values_list("value", flat=True)
    assert list(scores) == [-0.3028583526611328, 49.69714164733887]
    assert Step.objects.get(run=run, number=11).logprob == -0.6057167053222656
    assert Answer.objects.get(run=run).text.split("\n")[-1] == "stack the orange block on top of the blue block"
    assert not Step.objects.filter(run=run, pruned__isnull=False).exists()


def test_a_search_that_took_nothing_chooses_nothing_and_tells_no_right_from_wrong(team: Team) -> None:
    run = imported(team, MADE / "nothing_chosen.json")
    assert (run.chosen, run.outcome, run.correct) == (None, "no-answer", None)
    assert list(Answer.objects.filter(run=run).values_list("correct", flat=True)) == [None, None]


def case(run: Run, file: Path) -> dict[str, Any]:
    """What the pages get of a run, and what the file says should come of it; by step number, the question first."""
    steps = Step.objects.filter(run=run).order_by("number")
    visits = Visit.objects.filter(run=run).order_by("seq")
    events = RunEvent.objects.filter(run=run, kind="step-revisited").order_by("seq")
    columns = {name: list(visits.values_list(name, flat=True)) for name in ("seq", "number", "value")}
    return {
        "parents": list(steps.values_list("parent", flat=True)),
        "born": list(steps.values_list("born", flat=True)),
        "visits": {**columns, "returns": [event.data["returns"] for event in events]},
        "moments": [
            {
                "cursor": seq,
                "visits": [said[number]["visits"] for number in sorted(said)],
                "mean": [said[number]["Q"] for number in sorted(said)],
            }
            for seq, said in snapshots(run, file)
        ],
    }


def test_the_cases_of_the_scripts_are_what_the_files_say(team: Team) -> None:
    cases = {file.name: case(imported(team, file), file) for file in (REAL, MADE / "two_ends.json")}
    anew = f"{ANEW}=1 .venv/bin/pytest tests/imports/test_rap_tree.py"
    found = json.dumps({"anew": anew, "cases": {**cases, "credited alike": ALIKE}}, indent=1) + "\n"
    if os.environ.get(ANEW):
        CASES.write_text(found)
    assert CASES.read_text() == found
