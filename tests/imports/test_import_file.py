"""A file comes in once, whole or not at all, as the person chose."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.models import Labeller, Team, User
from apps.common import incoming
from apps.common.errors import Refused
from apps.imports.models import ImportBatch
from apps.imports.services import import_file
from apps.labels.models import Label
from apps.problems.models import Problem
from apps.runs.models import Experiment, Run, RunEvent, Score, Step, StepText
from tests.imports.records import RECORD, lines, record
from workers.search.errors import UnknownKey

pytestmark = pytest.mark.django_db
DEMO = settings.BRANCHWISE.fixtures_dir / "demo"
BROKEN = lines(RECORD, record(labeler=7), record(generation=3))


def test_the_prm800k_sample_holds_73_rated_completions(team: Team, owner: User) -> None:
    report = import_file(team, DEMO / "prm800k.jsonl", "prm800k.jsonl", by=owner)
    assert (report.problems, report.runs, report.steps, report.labels, report.rejected) == (6, 6, 75, 73, ())
    assert Label.objects.filter(team=team).count() == 73
    assert set(Label.objects.values_list("verdict", flat=True)) == {"bad", "neutral", "good"}
    assert not Labeller.objects.exclude(user=None).exists()
    first = Label.objects.order_by("pk")[0]
    assert first.created_at == datetime(2022, 7, 30, 23, 23, 32, 118856, tzinfo=UTC)
    assert first.scores_in_view is None
    assert Experiment.objects.get().kind == "imported"
    assert Experiment.objects.get().created_by == owner


def test_alternatives_stand_at_the_prefix_they_were_written_for(team: Team) -> None:
    import_file(team, DEMO / "prm800k.jsonl", "prm800k.jsonl")
    run = Run.objects.order_by("pk")[0]
    tree = list(Step.objects.filter(run=run).order_by("number").values_list("number", "parent", "depth"))
    second = [(number, 1, 2) for number in range(2, 8)]
    last = [(number, 10, 6) for number in range(11, 16)]
    assert tree == [(1, 0, 1), *second, (8, 7, 3), (9, 8, 4), (10, 9, 5), *last]


def test_the_game_24_log_holds_1727_steps_each_under_its_parent(team: Team) -> None:
    file = DEMO / "tree-of-thoughts-game24.json"
    report = import_file(team, file, file.name)
    assert (report.problems, report.runs, report.steps, report.labels, report.rejected) == (20, 20, 1727, 0, ())
    assert Score.objects.count() == 1727
    trees = {
        (log["idx"], proposal)
        for log in json.loads(file.read_bytes())
        for level in log["steps"]
        for proposal in level["new_ys"]
    }
    texts = {(text.run_id, text.number): text.text for text in StepText.objects.all()}
    whole = {(run, 0): "" for run, _ in texts}
    idx = dict(RunEvent.objects.filter(kind="note", data__data__has_key="idx").values_list("run_id", "data__data__idx"))
    for step in Step.objects.order_by("run_id", "number"):
        whole[step.run_id, step.number] = whole[step.run_id, step.parent] + texts[step.run_id, step.number]
    assert {(idx[run], text) for (run, number), text in whole.items() if number} == trees


def test_the_same_file_again_stores_nothing_and_says_since_when(team: Team) -> None:
    first = import_file(team, io.BytesIO(lines(RECORD)), "one.jsonl")
    again = import_file(team, io.BytesIO(lines(RECORD)), "other name.jsonl")
    assert (again.problems, again.runs, again.steps, again.labels) == (0, 0, 0, 0)
    assert again.since == ImportBatch.objects.get().created_at
    assert again.experiment == first.experiment
    assert Run.objects.count() == 1


def test_the_same_file_again_is_told_of_its_broken_rows_again(team: Team) -> None:
    first = import_file(team, io.BytesIO(BROKEN), "x")
    again = import_file(team, io.BytesIO(BROKEN), "x")
    assert (again.runs, again.rejected) == (0, first.rejected)
    assert again.rejected


def test_another_team_imports_the_same_file_for_itself(team: Team, stranger: User) -> None:
    other = Team.objects.get(slug="elsewhere")
    assert import_file(team, io.BytesIO(lines(RECORD)), "x").runs == 1
    assert import_file(other, io.BytesIO(lines(RECORD)), "x").runs == 1


def test_a_problem_is_shared_by_imports(team: Team) -> None:
    import_file(team, io.BytesIO(lines(RECORD)), "a")
    import_file(team, io.BytesIO(lines(RECORD, record(generation=1))), "b")
    assert Problem.objects.count() == 1
    assert Run.objects.count() == 3


def test_good_rows_are_kept_beside_broken_ones(team: Team) -> None:
    report = import_file(team, io.BytesIO(BROKEN), "x")
    assert (report.runs, [row.line for row in report.rejected]) == (2, [2])
    assert [row["field"] for row in ImportBatch.objects.get().rejected] == ["labeler"]


def test_or_nothing_of_the_file_is_kept(team: Team) -> None:
    report = import_file(team, io.BytesIO(BROKEN), "x", keep="none")
    assert (report.problems, report.runs, report.steps, len(report.rejected)) == (0, 0, 0, 1)
    for model in (Experiment, ImportBatch, Run, RunEvent, Step, StepText, Label, Problem):
        assert not model.objects.exists()


def test_a_file_without_one_good_row_leaves_nothing(team: Team) -> None:
    report = import_file(team, io.BytesIO(lines(record(labeler=7))), "x")
    assert (report.runs, len(report.rejected), report.experiment) == (0, 1, None)
    assert not Experiment.objects.exists()


def test_more_broken_rows_than_are_listed_refuse_the_file(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MOST_REJECTED", 2)
    with pytest.raises(Refused, match=r"More than 2 rows.*line 4.*Nothing was stored"):
        import_file(team, io.BytesIO(lines(RECORD, *[record(labeler=7)] * 3)), "x")
    assert not Run.objects.exists()


def test_a_file_nobody_claims_is_told_what_there_is(team: Team) -> None:
    with pytest.raises(Refused, match=r"x\.bin: no import format.*prm800k:.*tree_of_thoughts:.*begins with “PK\\x03”"):
        import_file(team, io.BytesIO(b"PK\x03"), "x.bin")


def test_a_long_first_record_is_recognised_whatever_the_order_of_its_keys(team: Team) -> None:
    long = record(label=dict(RECORD["label"], steps=[{"completions": [{"text": "x" * 100_000, "rating": 1}]}]))
    file = json.dumps(long, sort_keys=True).encode()
    assert import_file(team, io.BytesIO(file), "x").format == "prm800k"


def test_an_empty_file_is_refused(team: Team) -> None:
    with pytest.raises(Refused, match="begins with nothing"):
        import_file(team, io.BytesIO(b""), "x")


def test_an_unknown_format_is_refused_by_name(team: Team) -> None:
    with pytest.raises(UnknownKey, match=r"'prm900k'.*prm800k, rap_tree, tree_of_thoughts"):
        import_file(team, io.BytesIO(lines(RECORD)), "x", format="prm900k")


def test_a_file_that_is_not_there_is_refused(team: Team, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.jsonl: expected a file that can be read"):
        import_file(team, tmp_path / "none.jsonl", "none.jsonl")
