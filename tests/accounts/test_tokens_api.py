"""What a program may do that comes with a token: in its team, with its scopes, and no more than its person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import ApiToken, Membership, Role, Team, User
from apps.accounts.tokens import NOT_VALID, make_token, withdraw_token
from tests import people

pytestmark = pytest.mark.urls("tests.accounts.gated_urls")
ClientOf = Callable[[User], Client]


def headers(team: Team, by: User, *scopes: str) -> dict[str, str]:
    return {"authorization": "Bearer " + make_token(team, name="script", scopes=scopes, days=1, by=by)[1]}


def test_a_program_reads_and_writes_without_a_cookie_or_a_form(team: Team, owner: User) -> None:
    program = Client(enforce_csrf_checks=True, headers=headers(team, owner, "look", "export"))
    assert program.get("/api/t/demo/told/7").json() == {"team": "demo", "number": 7}
    answer = program.post("/api/t/demo/taken", '{"a": 1}', content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"taken": {"a": 1}})
    assert not program.cookies


def test_a_right_outside_its_scopes_is_refused_by_name(team: Team, owner: User) -> None:
    program = Client(headers=headers(team, owner, "look", "label"))
    answer = program.post("/api/t/demo/taken", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert (
        answer.json()["error"]["message"]
        == "This token comes with look, label, and not with 'export'. Make one that does."
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANNOTATOR, Role.REVIEWER])
def test_it_has_no_right_that_its_person_has_lost(team: Team, owner: User, role: Role) -> None:
    program = Client(headers=headers(team, owner, "look", "export"))
    Membership.objects.filter(team=team, user=owner).update(role=role)
    assert program.get("/api/t/demo/told/7").status_code == 200
    answer = program.post("/api/t/demo/taken", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert role.value in answer.json()["error"]["message"]


def test_in_another_team_of_its_person_there_is_nothing(team: Team, owner: User) -> None:
    other = people.make_team("elsewhere")
    people.make_member(other, owner.email, Role.OWNER)
    program = Client(headers=headers(team, owner, "look"))
    assert (program.get("/api/t/demo/told/7").status_code, program.get("/api/t/elsewhere/told/7").status_code) == (
        200,
        404,
    )


def test_whose_person_left_the_team_finds_nothing(team: Team, owner: User) -> None:
    program = Client(headers=headers(team, owner, "look"))
    Membership.objects.filter(user=owner).delete()
    assert program.get("/api/t/demo/told/7").status_code == 404


def test_everything_that_is_wrong_with_a_token_sounds_the_same(team: Team, owner: User) -> None:
    withdrawn, gone = headers(team, owner, "look"), headers(team, owner, "look")
    withdraw_token(team, ApiToken.objects.order_by("id")[0].pk)
    ApiToken.objects.order_by("id")[1].delete()
    unknown, other = {"authorization": "Bearer bw_0_0"}, {"authorization": "Basic b3duZXI6b3duZXI="}
    for wrong in (withdrawn, gone, unknown, other, {"authorization": ""}):
        answer = Client(headers=wrong).get("/api/t/demo/told/7")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="branchwise"')
        assert answer.json() == {"error": {"code": "authentication-failed", "message": NOT_VALID, "fields": {}}}


def test_a_bad_token_is_refused_whatever_session_it_comes_with(team: Team, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    assert client.get("/api/t/demo/told/7").status_code == 200
    assert client.get("/api/t/demo/told/7", headers={"authorization": "Bearer bw_0_0"}).status_code == 401


def test_a_page_takes_no_token(team: Team, owner: User) -> None:
    answer = Client(headers=headers(team, owner, "look")).get("/t/demo/shown/7/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/t/demo/shown/7/")


def test_the_token_is_in_no_log(team: Team, owner: User, caplog: pytest.LogCaptureFixture) -> None:
    given = headers(team, owner, "look")
    program = Client(headers=given, raise_request_exception=False)
    with caplog.at_level("DEBUG"):
        assert program.get("/api/t/demo/wrong?bug").status_code == 500
    secret = given["authorization"][19:]
    assert caplog.text
    assert secret not in caplog.text
