"""The page that forks a run: what it is filled in with, what it says when, and that a form sent twice forks once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.runs.models import Experiment, Run, Step, StepText
from tests.people import make_member
from tests.runs.forking import imported, played

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return played(team)


@pytest.fixture
def client(owner: User, client_of: SignIn) -> Client:
    return client_of(owner)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def address(run: Run, query: str = "") -> str:
    return f"/t/demo/runs/{run.pk}/fork/{query}"


def sent(client: Client, run: Run, **fields: str) -> HttpResponse:
    usual = {"kind": "branch", "step": "1", "seed": "3"}
    as_played = {"strategy": "beam", "n": "2", "width": "1", "engine": "scripted", "scorer": "scripted"}
    answer: HttpResponse = client.post(address(run), {**usual, **as_played, **fields})
    return answer


def forks() -> list[Run]:
    return list(Run.objects.filter(parent_run__isnull=False).select_related("experiment").order_by("pk"))


def test_only_who_may_launch_forks(run: Run, team: Team, stranger: User, client_of: SignIn) -> None:
    allowed = {Role.OWNER: 200, Role.REVIEWER: 200, Role.ANNOTATOR: 403, Role.VIEWER: 403}
    for role, status in allowed.items():
        member = client_of(make_member(team, f"{role.value}@example.org", role))
        assert member.get(address(run)).status_code == status
        assert sent(member, run).status_code == (302 if status == 200 else 403)
    assert client_of(stranger).get(address(run)).status_code == 404
    assert Client().get(address(run)).status_code == 302


def test_it_is_filled_in_as_the_run_was_played_with_other_draws(run: Run, client: Client) -> None:
    page = shown(client.get(address(run, "?step=1")))
    assert '<option value="beam" selected>' in page
    assert '<input type="text" name="n" value="4"' in page
    assert '<input type="text" name="seed" value="8"' in page
    text = StepText.objects.get(run=run, number=1).text
    assert text.strip() in page
    assert ("The step ends with a line break: keep it" in page) == text.endswith("\n")
    StepText.objects.filter(run=run, number=1).update(text=f"{text.strip()}\n")
    assert "The step ends with a line break: keep it" in shown(client.get(address(run, "?step=1")))
    assert "Branch from step 1" in page


def test_a_branch_is_forked_and_shown_beside_its_parent(run: Run, client: Client, owner: User) -> None:
    answer = sent(client, run)
    [fork] = forks()
    assert answer.headers["Location"] == f"/t/demo/runs/{run.pk}/beside/{fork.pk}/?left=1"
    assert (fork.parent_step, fork.experiment.parameters["n"], fork.experiment.seed) == (1, 2, 3)
    assert fork.experiment.created_by == owner
    # The text came back as it was sent, so nothing was edited.
    assert [step.origin for step in Step.objects.filter(run=fork)] == ["inherited"]


def test_who_wants_it_alone_is_led_to_its_tree(run: Run, client: Client) -> None:
    answer = sent(client, run, then="tree")
    assert answer.headers["Location"] == f"/t/demo/runs/{forks()[0].pk}/"


def test_a_text_of_which_only_the_ends_of_lines_differ_is_not_edited(run: Run, client: Client) -> None:
    text = StepText.objects.get(run=run, number=1).text
    sent(client, run, text=text.replace("\n", "\r\n"))
    sent(client, run, text="Another text.\r\nTwo lines.")
    steps = [Step.objects.get(run=fork, number=1).origin for fork in forks()]
    assert steps == ["inherited", "edited"]
    assert StepText.objects.get(run=forks()[1], number=1).text == "Another text.\nTwo lines."


def test_the_same_form_sent_twice_is_one_fork_and_a_changed_one_is_refused(run: Run, client: Client) -> None:
    key = re.search(r'name="key" value="([^"]+)"', shown(client.get(address(run, "?step=1"))))
    assert key is not None
    places = [sent(client, run, key=key[1]).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert len(forks()) == 1
    changed = sent(client, run, key=key[1], text="Something else.")
    assert changed.status_code == 400
    assert f"Run {forks()[0].pk} was made with this key, and differs in name, text." in shown(changed)
    assert key[1] not in shown(changed)
    assert len(forks()) == 1


def test_a_continuation_goes_on_from_the_last_whole_move_with_another_seed(run: Run, client: Client) -> None:
    page = shown(client.get(address(run, f"?seq={run.seq - 4}")))
    assert f"Continue from event {run.seq - 4}" in page
    assert 'value="continue" checked' in page
    answer = sent(client, run, kind="continue", seq=str(run.seq - 4))
    [fork] = forks()
    assert answer.headers["Location"] == f"/t/demo/runs/{run.pk}/beside/{fork.pk}/"
    assert fork.parent_seq is not None
    assert fork.experiment.parameters == run.experiment.parameters


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(run: Run, client: Client) -> None:
    wrong = sent(client, run, n="many", engine="nobody", text="My own words.", seed="-1")
    page = shown(wrong)
    assert wrong.status_code == 400
    assert "Expected a whole number; found &#x27;many&#x27;." in page
    assert "Unknown engine &#x27;nobody&#x27;." in page
    assert 'name="n" value="many"' in page
    assert 'value="nobody" selected' in page
    assert "My own words." in page
    assert forks() == []


def test_what_the_strategy_needs_and_is_not_given_is_refused_by_name(run: Run, client: Client) -> None:
    assert "Strategy &#x27;beam&#x27; needs a scorer." in shown(sent(client, run, scorer=""))
    assert forks() == []


def test_a_step_that_has_ended_is_told_of_before_it_is_sent_and_may_be_edited(run: Run, client: Client) -> None:
    assert run.chosen is not None
    said = f"The text of step {run.chosen} has ended, so nothing can follow it"
    assert said in shown(client.get(address(run, f"?step={run.chosen}")))
    refused = sent(client, run, step=str(run.chosen))
    assert (refused.status_code, said in shown(refused)) == (400, True)
    assert sent(client, run, step=str(run.chosen), text="Another end.").status_code == 302


def test_an_imported_run_asks_for_strategy_and_engine_and_cannot_be_continued(team: Team, client: Client) -> None:
    run = imported(team)
    page = shown(client.get(address(run, "?step=2")))
    assert "choose both" in page
    assert "it cannot be continued" in page
    refused = shown(sent(client, run, step="2", strategy="", engine=""))
    assert "Choose a strategy." in refused
    assert sent(client, run, step="2").status_code == 302


def test_another_strategy_brings_its_own_parameters_and_looking_forks_nothing(run: Run, client: Client) -> None:
    looked = sent(client, run, strategy="best_of_n", look="again", text="Kept.", width="")
    page = shown(looked)
    assert looked.status_code == 200
    assert 'name="width"' not in page
    assert "Kept." in page
    assert forks() == []


@pytest.mark.parametrize(("query", "status"), [("?step=999", 404), ("?seq=0", 404), ("?step=x", 400), ("?stp=1", 400)])
def test_an_address_that_means_nothing_is_refused(run: Run, client: Client, query: str, status: int) -> None:
    assert client.get(address(run, query)).status_code == status


def test_a_name_that_cannot_be_kept_is_refused(run: Run, client: Client) -> None:
    assert "Expected a name of at most 200 characters; found 201." in shown(sent(client, run, name="x" * 201))
    assert sent(client, run, name="Mine").status_code == 302
    assert Experiment.objects.filter(name="Mine").count() == 1
