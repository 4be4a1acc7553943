"""The pages of quality and cost show their figures to who assigns, and to others no more than is theirs."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.services import add_label
from apps.labels.settling import adjudicate
from apps.runs.models import Experiment, Run
from tests.factories import make_run_with_tree
from tests.people import make_member, make_stranger, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("here")


@pytest.fixture
def people(team: Team) -> dict[str, User]:
    return {role: make_member(team, f"{role}@example.org", Role(role)) for role in Role.values}


def say(team: Team, person: Labeller, run: Run, number: int, verdict: str, seconds: float | None = 4.0) -> None:
    given = {"client_uuid": uuid4(), "scores_in_view": False, "seconds": seconds}
    add_label(team=team, labeller=person, run=run.pk, number=number, verdict=verdict, **given)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, query: str = "", **where: int) -> tuple[int, str]:
    answer = signed_in(user).get(reverse(f"labelling:{name}", kwargs={"team": "here", **where}) + query)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def judged(team: Team, people: dict[str, User]) -> tuple[Run, Labeller, Labeller]:
    """A run of three steps on which two people agree twice and differ once."""
    run = make_run_with_tree(team)
    first, second = (labeller_of(team, people[role]) for role in ("annotator", "reviewer"))
    for number, (one, other) in enumerate([("good", "good"), ("bad", "bad"), ("good", "bad")], start=1):
        say(team, first, run, number, one)
        say(team, second, run, number, other, seconds=None)
    return run, first, second


def test_the_page_can_be_narrowed_to_strategies_of_the_team_alone(
    people: dict[str, User], judged: tuple[Run, Labeller, Labeller]
) -> None:
    theirs = make_run_with_tree(make_stranger().memberships.get().team)
    Experiment.objects.filter(pk=theirs.experiment_id).update(strategy="beam")
    _, shown = page(people["owner"], "quality")
    assert "<option>best_of_n</option>" in shown
    assert "<option>beam</option>" not in shown


def test_quality_shows_figures_the_matrix_and_the_steps_in_dispute_first(
    people: dict[str, User], judged: tuple[Run, Labeller, Labeller]
) -> None:
    run, first, second = judged
    status, text = page(people["reviewer"], "quality", f"?first={first.pk}&second={second.pk}")
    assert status == 200
    assert "6 labels of 2 people on 3 steps" in text
    assert "1 in dispute of 3" in text
    assert text.index(f"Step 3 of run {run.pk}") < text.index(f"Step 1 of run {run.pk}")
    assert f"said=good&amp;other=bad#steps" in text  # noqa: F541


def test_a_settled_step_is_no_longer_in_dispute(
    team: Team, people: dict[str, User], judged: tuple[Run, Labeller, Labeller]
) -> None:
    run, _, second = judged
    adjudicate(team=team, by=second, run=run.pk, number=3, verdict="bad")
    assert "0 in dispute of 2" in page(people["owner"], "quality")[1]


def test_a_cell_of_the_confusion_lists_the_steps_behind_it(
    people: dict[str, User], judged: tuple[Run, Labeller, Labeller]
) -> None:
    run, first, second = judged
    query = f"?first={first.pk}&second={second.pk}&said=good&other=bad"
    text = page(people["reviewer"], "quality", query)[1]
    assert f"Step 3 of run {run.pk}" in text
    assert f"Step 1 of run {run.pk}" not in text


@pytest.mark.parametrize("name", ["quality", "cost", "cost_file"])
def test_quality_and_cost_are_for_who_assigns(name: str, people: dict[str, User]) -> None:
    assert {role: page(user, name)[0] for role, user in people.items()} == {
        "viewer": 403,
        "annotator": 403,
        "reviewer": 200,
        "owner": 200,
    }
    assert page(make_stranger(), name)[0] == 404


def test_an_annotator_sees_their_own_speed_and_nothing_of_others(
    people: dict[str, User], judged: tuple[Run, Labeller, Labeller]
) -> None:
    _, first, second = judged
    status, text = page(people["annotator"], "labeller", labeller=first.pk)
    assert status == 200
    assert "4.0 s" in text
    assert not [words for words in ("Alike", "gold", "As settled", "Leaning") if words in text]
    assert page(people["annotator"], "labeller", labeller=second.pk)[0] == 403
    assert page(people["viewer"], "labeller", labeller=first.pk)[0] == 403
    assert "Leaning" in page(people["reviewer"], "labeller", labeller=first.pk)[1]


@pytest.mark.parametrize("query", ["?quue=1", "?scores=some", "?difficulty=hard", "?said=great", "?queue=x"])
def test_what_is_unknown_in_the_address_is_refused(query: str, people: dict[str, User]) -> None:
    assert page(people["owner"], "quality", query)[0] == 400


def test_another_teams_people_and_queues_are_not_there(people: dict[str, User]) -> None:
    other = Labeller.objects.create(team=make_team("elsewhere"), name="somebody")
    assert page(people["owner"], "quality", f"?first={other.pk}")[0] == 404
    assert page(people["owner"], "labeller", labeller=other.pk)[0] == 404
    assert page(people["owner"], "quality", "?queue=999999")[0] == 404


def test_without_labels_every_page_says_what_would_be_there(people: dict[str, User]) -> None:
    assert "No labels yet" in page(people["owner"], "quality")[1]
    assert "No cost yet" in page(people["owner"], "cost")[1]


@pytest.mark.parametrize("name", ["quality", "cost"])
def test_a_page_asks_as_often_for_a_thousand_labels_as_for_ten(
    name: str, team: Team, people: dict[str, User], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    chain = [[f"step {n}" for n in range(250)], [f"other {n}" for n in range(250)]]
    run = make_run_with_tree(team, chain)
    first, second = (labeller_of(team, people[role]) for role in ("annotator", "reviewer"))
    client, counts = signed_in(people["owner"]), []
    for upto in (5, 500):
        for number in range(1 if upto == 5 else 6, upto + 1):
            say(team, first, run, number, "good")
            say(team, second, run, number, "bad" if number % 3 else "good")
        with django_assert_max_num_queries(40) as asked:
            assert client.get(reverse(f"labelling:{name}", kwargs={"team": "here"})).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
