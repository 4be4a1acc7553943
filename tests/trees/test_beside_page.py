"""The page of two branches: who sees it, which branches it shows, what it says of them, in queries that do not grow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.runs.forks import branch_run
from apps.runs.models import Answer, Run
from tests.factories import make_run_with_tree
from tests.people import make_member
from tests.runs.forking import played

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, (("one", "two"), ("other",)))


@pytest.fixture
def shown(owner: User, client_of: SignIn) -> Callable[..., str]:
    client = client_of(owner)

    def page(left: Run, right: Run, query: str = "") -> str:
        answer = client.get(f"/t/demo/runs/{left.pk}/beside/{right.pk}/{query}")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return page


def test_whoever_may_look_sees_it_and_strangers_nothing(
    run: Run, team: Team, stranger: User, client_of: SignIn
) -> None:
    page = f"/t/demo/runs/{run.pk}/beside/{run.pk}/"
    for role in Role:
        member = make_member(team, f"{role.value}@example.org", role)
        assert client_of(member).get(page).status_code == 200
    assert client_of(stranger).get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_a_run_of_another_team_is_not_there(run: Run, owner: User, stranger: User, client_of: SignIn) -> None:
    foreign = make_run_with_tree(stranger.memberships.get().team)
    for path in (f"{run.pk}/beside/{foreign.pk}", f"{foreign.pk}/beside/{run.pk}"):
        assert client_of(owner).get(f"/t/demo/runs/{path}/").status_code == 404


def test_one_run_shows_the_chosen_branch_beside_the_best_right_one_and_why_it_lost(
    run: Run, shown: Callable[..., str]
) -> None:
    Run.objects.filter(pk=run.pk).update(chosen=3, correct=False)
    page = shown(run, run)
    assert f'data-part="left" aria-labelledby="left-title" data-run="{run.pk}" data-step="3"' in page
    assert f'data-part="right" aria-labelledby="right-title" data-run="{run.pk}" data-step="2"' in page
    assert "Why the right answer lost" in page
    assert "The branches part at the question." in page
    # Named in the address, the same pair is told of too; another pair is not.
    assert "Why the right answer lost" in shown(run, run, "?left=3&right=2")
    assert 'data-part="why"' not in shown(run, run, "?left=1&right=2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"correct": True}, "The chosen answer is right"),
        ({"correct": False, "right_count": 0}, "No answer in this tree is known to be right"),
        ({"chosen": None, "correct": None}, "Nothing was chosen in this run"),
    ],
)
def test_without_a_right_answer_that_lost_it_says_so(
    run: Run, shown: Callable[..., str], change: dict[str, object], said: str
) -> None:
    Answer.objects.filter(run=run).update(correct=False)
    Run.objects.filter(pk=run.pk).update(**change)
    assert said in shown(run, run)


def test_two_runs_show_what_was_chosen_in_each(run: Run, team: Team, shown: Callable[..., str]) -> None:
    other = played(team)
    page = shown(run, other)
    assert f'data-run="{other.pk}" data-step="{other.chosen}"' in page
    assert "Two different problems" in page
    assert 'data-part="why"' not in page


def test_a_fork_says_that_it_is_one_from_either_side(team: Team, shown: Callable[..., str]) -> None:
    parent = played(team)
    fork = branch_run(parent, 1, hint=False)
    assert "The right run is a fork of the left, from step 1." in shown(parent, fork)
    assert "The left run is a fork of the right, from step 1." in shown(fork, parent)
    assert "Two different problems" not in shown(fork, parent)


def test_what_the_address_cannot_mean_is_refused_by_name(run: Run, owner: User, client_of: SignIn) -> None:
    def asked(query: str) -> tuple[int, str]:
        answer = client_of(owner).get(f"/t/demo/runs/{run.pk}/beside/{run.pk}/?{query}")
        return answer.status_code, " ".join(answer.content.decode().split())

    assert asked("left=4")[0] == asked("right=0")[0] == 404
    assert f"Run {run.pk} has no step 4; its steps: 1 to 3." in asked("left=4")[1]
    assert asked("left=x")[0] == asked("middle=1")[0] == 400
    assert "Unknown parameter &#x27;middle&#x27; of a comparison. Known: left, right." in asked("middle=1")[1]


def test_more_runs_of_the_problem_take_no_more_queries(team: Team, owner: User, client_of: SignIn) -> None:
    run, client, counts = played(team), client_of(owner), []
    for more in (10, 990):
        Run.objects.bulk_create(
            [Run(team=team, experiment=run.experiment, problem=run.problem, status="finished") for _ in range(more)]
        )
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/t/demo/runs/{run.pk}/beside/{run.pk}/").content.decode()
        counts.append((len(captured), page.count("data-other=")))
    assert counts[0][0] == counts[1][0] <= 20
    assert [offered for _, offered in counts] == [10, 50]
