"""The launch form sent: one click one launch, nothing that was typed is lost, and only those who may."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.common.throttles import API_RATES, seconds_to_wait
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment
from tests.people import make_member
from tests.runs.launch_form import NEW, WANTED, SignIn, make_mixed, shown, typed_in


@pytest.fixture
def problem_set(team: Team) -> ProblemSet:
    return make_mixed(team)


@pytest.fixture
def client(problem_set: ProblemSet, owner: User, client_of: SignIn) -> Client:
    return client_of(owner)


def test_it_launches_what_was_typed_and_goes_to_the_experiment(client: Client, owner: User) -> None:
    answer = client.post(f"{NEW}?key=k", {**WANTED, "difficulty_max": "2", "budget_tokens": "900", "name": "Mine"})
    experiment = Experiment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/t/demo/experiments/{experiment.pk}/")
    assert (experiment.strategy, experiment.parameters["n"], experiment.seed) == ("beam", 8, 3)
    assert (experiment.problem_filter, experiment.budget) == ({"difficulty_max": 2.0}, {"tokens": 900})
    assert (experiment.name, experiment.created_by, experiment.runs.count()) == ("Mine", owner, 2)


def test_the_same_form_sent_twice_launches_once(client: Client) -> None:
    first, second = (client.post(f"{NEW}?key=k", WANTED) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Experiment.objects.count() == 1


def test_a_changed_form_with_a_used_key_is_kept_and_says_so(client: Client) -> None:
    client.post(f"{NEW}?key=k", WANTED)
    answer = client.post(f"{NEW}?key=k", {**WANTED, "n": "9"})
    assert (answer.status_code, Experiment.objects.count()) == (400, 1)
    page = unescape(answer.content.decode())
    assert "was launched with this key, and differs in parameters" in page
    assert typed_in(page, "n") == "9"
    fresh = re.search(r"formaction=\"[^\"]*\?key=([^\"]+)\"", page)
    assert fresh
    assert client.post(f"{NEW}?key={fresh.group(1)}", {**WANTED, "n": "9"}).status_code == 302


def test_what_cannot_be_launched_is_said_and_nothing_is_lost(client: Client) -> None:
    answer = client.post(NEW, {**WANTED, "scorer": "", "n": "none", "name": "Kept"})
    page = unescape(answer.content.decode())
    assert (answer.status_code, Experiment.objects.count()) == (400, 0)
    assert "Strategy 'beam' needs a scorer. Known: " in page
    assert "Expected a whole number; found 'none'." in page
    assert (typed_in(page, "name"), typed_in(page, "engine")) == ("Kept", "scripted")


@pytest.mark.parametrize("name", ["problems", "text", "name", "n", "seed", "engine", "strategy", "from", "preset"])
def test_a_text_that_nothing_can_hold_is_answered_with_a_sentence(client: Client, name: str) -> None:
    assert client.get(NEW, {**WANTED, name: "\0"}).status_code == (404 if name == "from" else 200)
    assert client.post(NEW, {**WANTED, name: "\0"}).status_code in ({404} if name == "from" else {400, 302})


def test_problems_that_the_engine_cannot_read_are_told_before_the_launch(client: Client) -> None:
    page = shown(client, **{**WANTED, "engine": "tiny-policy"})
    assert "Engine 'tiny-policy' cannot read 6 of 6 texts. The first is problem 1" in page


def test_a_team_without_problem_sets_is_told_where_to_begin(team: Team, owner: User, client_of: SignIn) -> None:
    assert "No problems to launch over" in client_of(owner).get(NEW).content.decode()


def test_only_who_may_launch_sees_it(team: Team, problem_set: ProblemSet, stranger: User, client_of: SignIn) -> None:
    people = {role: make_member(team, f"{role}@example.org", role) for role in Role}
    allowed = {Role.OWNER: 200, Role.REVIEWER: 200, Role.ANNOTATOR: 403, Role.VIEWER: 403}
    for role, person in people.items():
        client = client_of(person)
        assert client.get(NEW).status_code == allowed[role]
        assert client.post(f"{NEW}?key={role}", WANTED).status_code == (302 if allowed[role] == 200 else 403)
    assert (client_of(stranger).get(NEW).status_code, Client().get(NEW).status_code) == (404, 302)
    assert client_of(stranger).post(NEW, WANTED).status_code == 404
    assert Experiment.objects.count() == 2


def test_another_teams_problem_set_and_experiment_are_not_there(
    client: Client, stranger: User, problem_set: ProblemSet
) -> None:
    elsewhere = Team.objects.get(slug="elsewhere")
    other = add_problems(team=elsewhere, slug="theirs", name="Theirs", description="", rows=[{"statement": "Why?"}])
    theirs = launch_experiment(
        team=elsewhere, problem_set=other, strategy="chain_of_thought", parameters={}, engine="scripted", hint=False
    )
    assert "Unknown problem set 'theirs'. Known: mixed." in shown(client, problems="theirs")
    assert client.post(NEW, {**WANTED, "problems": "theirs"}).status_code == 400
    assert client.get(NEW, {"from": theirs.pk}).status_code == 404


def test_a_browser_that_runs_wild_is_stopped_as_a_program_is(client: Client, owner: User) -> None:
    now = time.time()
    # The window after this one too, because it may begin meanwhile.
    for window in (now, now + 60):
        while not seconds_to_wait("launch", f"person-{owner.pk}", API_RATES["launch"], now=window):
            pass
    answer = client.post(f"{NEW}?key=k", WANTED)
    assert (answer.status_code, Experiment.objects.count()) == (429, 0)
    assert answer["Retry-After"]
    assert client.get(NEW).status_code == 200
