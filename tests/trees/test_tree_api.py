"""The tree over HTTP: columns that say what the rows say, few queries, an ETag, and nothing for strangers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Team, User
from apps.runs.models import Run, Step
from apps.trees.columns import read_columns
from apps.trees.selectors import skeleton
from tests.factories import JUDGE, make_run_with_tree

SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, [["one", "two", "right"], ["other", "wrong"]])


def address(run: Run) -> str:
    return f"/api/t/demo/runs/{run.pk}/tree"


def test_the_columns_say_what_the_rows_say(run: Run, colleague: User, client_of: SignIn) -> None:
    answer = client_of(colleague).get(address(run))
    assert answer["Content-Type"] == "application/x-branchwise-columns"
    header, columns = read_columns(answer.content)
    steps = list(Step.objects.filter(run=run).order_by("number"))
    assert columns["parent"].tolist() == [step.parent for step in steps] == [0, 1, 2, 0, 4]
    assert columns["depth"].tolist() == [1, 2, 3, 1, 2]
    assert columns["born"].tolist() == [step.born for step in steps]
    assert columns["pruned"].tolist() == [0] * 5
    assert columns["tokens"].tolist() == [step.tokens for step in steps]
    assert np.isnan(columns["entropy"]).all()
    assert columns["score"].tolist() == pytest.approx([0.01, 0.02, 0.03, 0.04, 0.05], rel=1e-3)
    assert columns["flags"].tolist() == [0, 0, 1 + 2 + 4, 0, 1 + 8]
    assert (header["count"], header["chosen"], header["scorer"]["key"]) == (5, 3, JUDGE.key)


def test_a_skeleton_takes_four_queries(run: Run, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):
        skeleton(run)


def test_a_later_scorer_does_not_replace_the_one_the_run_was_played_with(run: Run) -> None:
    from apps.runs.models import Maker, Score

    later = Maker.objects.create(kind="scorer", key="later")
    Score.objects.create(run=run, seq=900, number=1, maker=later, value=0.9)
    tree = skeleton(run)
    assert tree.scorer is not None
    assert tree.scorer.key == JUDGE.key
    assert tree.columns["score"][1][0] == pytest.approx(0.01)


def test_the_playing_scorer_may_go_on_with_other_libraries(run: Run) -> None:
    from apps.runs.models import Maker, Score

    elsewhere = Maker.objects.create(kind="scorer", key=JUDGE.key, arguments='{"device":"cuda"}')
    moved = Score.objects.filter(run=run).order_by("-seq").first()
    assert moved is not None
    Score.objects.filter(run=run, seq=moved.seq).update(maker=elsewhere)
    tree = skeleton(run)
    assert tree.scorer is not None
    assert (tree.scorer.key, tree.scorer.arguments) == (JUDGE.key, JUDGE.arguments)
    assert tree.columns["score"][1][moved.number - 1] == moved.value


def test_the_latest_score_of_the_playing_scorer_counts(run: Run) -> None:
    from apps.runs.models import Score

    playing = skeleton(run).scorer
    Score.objects.create(run=run, seq=900, number=1, maker=playing, value=0.75)
    assert skeleton(run).columns["score"][1][0] == 0.75


def test_a_gap_in_the_numbers_is_an_error_and_no_other_tree(run: Run) -> None:
    Step.objects.filter(run=run, number=2).delete()
    with pytest.raises(ValueError, match="expected steps 1 to 4, the last one is 5"):
        skeleton(run)


def test_a_reader_who_has_the_tree_is_sent_nothing(run: Run, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    etag = client.get(address(run))["ETag"]
    again = client.get(address(run), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_a_run_without_steps_has_an_empty_tree(team: Team, owner: User, client_of: SignIn) -> None:
    run = make_run_with_tree(team, [])
    header, columns = read_columns(client_of(owner).get(address(run)).content)
    assert header["count"] == 0
    assert len(columns["parent"]) == 0


def test_only_members_are_answered(run: Run, owner: User, colleague: User, stranger: User, client_of: SignIn) -> None:
    assert [client_of(person).get(address(run)).status_code for person in (owner, colleague, stranger)] == [
        200,
        200,
        404,
    ]
    assert Client().get(address(run)).status_code == 401


def test_a_run_is_not_found_under_another_team(run: Run, stranger: User, client_of: SignIn) -> None:
    for tail in ("tree", "steps?branch=1", "steps?numbers=1", "steps/1/tokens"):
        assert client_of(stranger).get(f"/api/t/elsewhere/runs/{run.pk}/{tail}").status_code == 404
