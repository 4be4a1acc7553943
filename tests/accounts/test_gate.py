"""The gate: three people before every kind of address, and what each is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.models import Team, User

pytestmark = pytest.mark.urls("tests.accounts.gated_urls")
ClientOf = Callable[[User], Client]


def test_a_page_is_given_the_team_and_the_rest_of_its_address(team: Team, owner: User, client_of: ClientOf) -> None:
    answer = client_of(owner).get(f"/t/{team.slug}/shown/7/")
    assert answer.content.decode() == f"{team.slug} 7 {owner.email} owner"


def test_a_page_sends_who_is_not_signed_in_to_sign_in_and_back(team: Team) -> None:
    answer = Client().get(f"/t/{team.slug}/shown/7/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next=/t/{team.slug}/shown/7/%3Fpage%3D2")


def test_a_stranger_cannot_tell_a_team_from_none(team: Team, stranger: User, client_of: ClientOf) -> None:
    client = client_of(stranger)
    found, missing = client.get(f"/t/{team.slug}/shown/7/"), client.get("/t/nowhere/shown/7/")
    assert (found.status_code, missing.status_code) == (404, 404)
    assert client.get(f"/api/t/{team.slug}/told/7").json() == client.get("/api/t/nowhere/told/7").json()


def test_a_member_without_the_right_is_told_so(team: Team, colleague: User, client_of: ClientOf) -> None:
    answer = client_of(colleague).get(f"/t/{team.slug}/exported/")
    assert answer.status_code == 403
    assert "annotator" in answer.content.decode()


def test_a_refusal_becomes_a_page_and_its_words_stay_text(team: Team, owner: User, client_of: ClientOf) -> None:
    answer = client_of(owner).get(f"/t/{team.slug}/refused/")
    assert answer.status_code == 409
    assert "Expected &lt;b&gt;three&lt;/b&gt;, found two." in answer.content.decode()


def test_a_page_of_ones_own_asks_only_who_one_is(stranger: User, client_of: ClientOf) -> None:
    assert client_of(stranger).get("/own/").content.decode() == stranger.email
    answer = Client().get("/own/?a=b")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/own/%3Fa%3Db")


def test_the_api_answers_a_member(team: Team, colleague: User, client_of: ClientOf) -> None:
    assert client_of(colleague).get(f"/api/t/{team.slug}/told/7").json() == {"team": team.slug, "number": 7}


def test_the_api_answers_everybody_else_in_one_shape(
    team: Team, stranger: User, colleague: User, client_of: ClientOf
) -> None:
    told, taken = f"/api/t/{team.slug}/told/7", f"/api/t/{team.slug}/taken"
    answers = {
        401: Client().get(told),
        404: client_of(stranger).get(told),
        403: client_of(colleague).post(taken, "{}", content_type="application/json"),
        405: client_of(colleague).post(told, "{}", content_type="application/json"),
        400: client_of(colleague).get(f"/api/t/{team.slug}/wrong"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "fields"}
        assert error["message"]
    assert answers[400].json()["error"]["fields"]["n"].startswith("Parameter 'n': expected a number from 1 to 64")


def test_the_api_wants_the_token_of_the_page_for_a_change(team: Team, owner: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.get("/sign-in/")
    careful.force_login(owner)
    address = f"/api/t/{team.slug}/taken"
    assert careful.post(address, "{}", content_type="application/json").status_code == 403
    token = careful.cookies["csrftoken"].value
    answer = careful.post(address, '{"a": 1}', content_type="application/json", headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()) == (201, {"taken": {"a": 1}})


def test_a_bug_tells_nothing_from_inside(team: Team, owner: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    answer = client.get(f"/api/t/{team.slug}/wrong?bug")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "broken")
    assert "inside" not in answer.content.decode()


def views_of(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, Callable[..., object]]]:
    """Every address below `patterns` with its view."""
    found: list[tuple[str, Callable[..., object]]] = []
    for entry in patterns:
        where = before + str(entry.pattern)
        found += views_of(entry.url_patterns, where) if isinstance(entry, URLResolver) else [(where, entry.callback)]
    return found


@pytest.mark.urls("apps.config.urls")
def test_every_address_of_a_team_is_guarded() -> None:
    of_teams = [(where, view) for where, view in views_of(get_resolver().url_patterns) if "<slug:team>" in where]
    assert len(of_teams) > 10
    assert [where for where, view in of_teams if not hasattr(view, "verb")] == []


@pytest.mark.urls("apps.config.urls")
def test_every_other_address_says_whom_it_is_open_to() -> None:
    of_none = {where: view for where, view in views_of(get_resolver().url_patterns) if "<slug:team>" not in where}
    assert {"livez", "sign-in/", "sign-in/<str:token>/", "sign-out/", ""} <= set(of_none)
    known = {"everybody", "signed-in"}
    assert [where for where, view in of_none.items() if getattr(view, "open_to", None) not in known] == []


@pytest.mark.urls("apps.config.urls")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_address_answers_a_method_it_has_no_use_for(
    client_of: Callable[[User], Client], owner: User, team: Team, method: str
) -> None:
    client = client_of(owner)
    addresses = [where for where, _ in views_of(get_resolver().url_patterns) if "<slug:team>" in where]
    filled = ["/" + re.sub("<[a-z]+:[a-z_]+>", "1", where.replace("<slug:team>", team.slug)) for where in addresses]
    answered = {address: client.generic(method, address).status_code for address in filled}
    assert {address: status for address, status in answered.items() if status != 405} == {}
