"""What a snapshot holds, and that it holds still."""

from __future__ import annotations

import gzip
from pathlib import Path
from threading import Thread

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.datasets import freezing
from apps.datasets.files import open_snapshot
from apps.datasets.freezing import Freezer
from apps.datasets.lines import trees_of
from apps.datasets.models import Snapshot
from apps.datasets.records import FrozenTree
from apps.datasets.selectors import judged_runs
from apps.datasets.services import take_snapshot
from apps.datasets.sheet import Sheet
from apps.labels.settling import adjudicate
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_problem, store_tree

pytestmark = pytest.mark.django_db(transaction=True)


def frozen(snapshot: Snapshot) -> list[FrozenTree]:
    with open_snapshot(snapshot.sha256) as lines:
        return list(trees_of(lines))


def test_it_freezes_a_judged_run_whole(team: Team, judged: Run, ada: Labeller) -> None:
    adjudicate(team=team, by=ada, run=judged.pk, number=4, verdict="good", reason="It is right.")
    [tree] = frozen(take_snapshot(team=team))
    assert (tree.problem.statement, tree.problem.problem_set, tree.run.id) == ("What is 2 + 3?", "sums", judged.pk)
    assert [(step.number, step.parent, step.depth) for step in tree.steps] == [
        (1, 0, 1),
        (2, 1, 2),
        (3, 1, 2),
        (4, 2, 3),
        (5, 3, 3),
    ]
    assert [step.text for step in tree.steps][:2] == ["Wir addieren: $2 + 3$. ✓", "Step 2."]
    assert [step.verdict for step in tree.steps] == ["good", "neutral", "bad", "good", None]
    assert [step.rating for step in tree.steps] == [1, 0, -1, 1, None]
    assert [[score.value for score in step.scores] for step in tree.steps] == [[n / 16] for n in range(1, 6)]
    settled = tree.steps[3].adjudication
    assert settled is not None
    assert (settled.verdict, settled.reason, len(settled.labels)) == ("good", "It is right.", 2)
    assert {label.verdict for label in tree.steps[3].labels} == {"good", "unsure"}


def test_it_counts_what_it_froze(team: Team, owner: User, judged: Run) -> None:
    snapshot = take_snapshot(team=team, name=" Round 1 ", by=owner)
    assert (snapshot.number, snapshot.name, snapshot.created_by) == (1, "Round 1", owner)
    assert (snapshot.problem_count, snapshot.run_count, snapshot.step_count, snapshot.label_count) == (1, 1, 3, 5)
    assert snapshot.verdict_counts == {"good": 1, "neutral": 1, "bad": 1}
    assert (snapshot.sheet["kept_steps"], snapshot.sheet["disputed"], snapshot.sheet["settled"]) == (5, 1, 0)
    assert snapshot.sheet["scores_in_view"] == {"no": 5}
    assert [(person["name"], person["labels"]) for person in snapshot.sheet["labellers"]] == [
        ("owner", 4),
        ("colleague", 1),
    ]
    assert [(source["name"], source["runs"], source["steps"]) for source in snapshot.sheet["sources"]] == [
        ("sums.jsonl", 1, 3)
    ]


def test_makers_and_labellers_stand_before_the_line_that_names_them(team: Team, judged: Run, data_dir: Path) -> None:
    snapshot = take_snapshot(team=team)
    packed = (data_dir / "snapshots" / snapshot.sha256).read_bytes()
    lines = [orjson.loads(line) for line in gzip.decompress(packed).splitlines()]
    known: set[tuple[str, int]] = set()
    for line in lines:
        if line["line"] in {"maker", "labeller", "problem"}:
            known.add((line["line"], line["id"]))
        if line["line"] == "step":
            assert {("maker", score["maker"]) for score in line["scores"]} | {("maker", line["maker"])} <= known
            assert {("labeller", label["labeller"]) for label in line["labels"]} <= known
    assert "example.org" not in str(lines)


def test_the_same_state_is_the_same_file_under_a_new_number(team: Team, judged: Run, data_dir: Path) -> None:
    first, second = take_snapshot(team=team), take_snapshot(team=team)
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == second.sha256
    assert [path.name for path in (data_dir / "snapshots").iterdir()] == [first.sha256]


def test_runs_stand_by_problem_and_then_by_age_whatever_the_batches(
    team: Team, ada: Labeller, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = [store_problem(team, text) for text in ("one", "two")]
    runs = [store_tree(team, [0, 1], problem=problems[which]) for which in (1, 0, 1, 0)]
    for run in runs:
        judge(run, ada, {1: "good"})
    whole = take_snapshot(team=team)
    assert [tree.run.id for tree in frozen(whole)] == [runs[i].pk for i in (1, 3, 0, 2)]
    monkeypatch.setattr(freezing, "BATCH_RUNS", 1)
    assert take_snapshot(team=team).sha256 == whole.sha256


def test_other_teams_and_runs_that_nobody_judges_stay_out(
    team: Team, judged: Run, ada: Labeller, stranger: User
) -> None:
    elsewhere = Team.objects.get(slug="elsewhere")
    judge(store_tree(elsewhere, [0]), labeller_of(elsewhere, stranger), {1: "good"})
    store_tree(team, [0])
    taken_back = store_tree(team, [0])
    judge(taken_back, ada, {1: "good"})
    judge(taken_back, ada, {1: ""})
    assert [tree.run.id for tree in frozen(take_snapshot(team=team))] == [judged.pk]


def test_numbers_count_within_the_team(team: Team, judged: Run, stranger: User) -> None:
    elsewhere = Team.objects.get(slug="elsewhere")
    judge(store_tree(elsewhere, [0]), labeller_of(elsewhere, stranger), {1: "good"})
    assert [take_snapshot(team=which).number for which in (team, elsewhere, team)] == [1, 1, 2]


def test_a_label_given_while_it_is_written_is_not_in_it(
    team: Team, judged: Run, ada: Labeller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "BATCH_RUNS", 1)
    later = store_tree(team, [0])
    judge(later, ada, {1: "good"})

    def label_meanwhile() -> None:
        judge(later, ada, {1: "bad"})
        connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        lines = Freezer(team, Sheet()).lines(judged_runs(team))
        written = [next(lines), next(lines)]
        other = Thread(target=label_meanwhile)
        other.start()
        other.join()
        written += lines
    assert [step.verdict for step in list(trees_of(written))[1].steps] == ["good"]


def test_it_takes_no_more_queries_for_more_runs(team: Team, judged: Run, ada: Labeller) -> None:
    with CaptureQueriesContext(connection) as one:
        take_snapshot(team=team)
    for _ in range(3):
        judge(store_tree(team, [0, 1, 1]), ada, {1: "good", 2: "bad", 3: "good"})
    with CaptureQueriesContext(connection) as many:
        take_snapshot(team=team)
    assert len(many) == len(one)


def test_a_team_without_a_judged_step_is_told_so(team: Team, data_dir: Path) -> None:
    store_tree(team, [0])
    with pytest.raises(Refused, match="Label a step first"):
        take_snapshot(team=team)
    assert not Snapshot.objects.exists()
    assert not data_dir.exists()


@pytest.mark.parametrize("name", ["x" * 201, "a\x00b", "line\nbreak"])
def test_a_name_that_cannot_be_stored_is_refused(team: Team, judged: Run, name: str) -> None:
    with pytest.raises(Refused, match="Expected a name"):
        take_snapshot(team=team, name=name)
