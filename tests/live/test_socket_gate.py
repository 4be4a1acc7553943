"""Who may listen: members from our own pages; everybody else is told by a code why not, and hears nothing."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus

from apps.accounts.models import Role, Team, User
from apps.runs.models import Run
from tests.factories import make_run_with_tree
from tests.live.listening import code_of, facts, opened, session_of, until_closed
from tests.people import make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


def paths(run: Run, team: str = "demo") -> list[str]:
    return [f"/ws/t/{team}/runs/{run.pk}", f"/ws/t/{team}/experiments/{run.experiment_id}"]


@pytest.mark.parametrize("role", Role.values)
def test_every_member_hears_where_it_stands(server: str, team: Team, run: Run, role: str) -> None:
    session = session_of(make_member(team, f"{role}@example.org", Role(role)))
    told = []
    for path in paths(run):
        with opened(server, path, session=session) as socket:
            told.append(facts(socket))
    assert told == [{"run": run.pk, "seq": run.seq}, {"experiment": run.experiment_id}]


def test_nobody_a_stranger_and_a_switched_off_account_are_refused_by_a_code(
    server: str, run: Run, owner: User, stranger: User
) -> None:
    off = session_of(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    for session, code in (("", 4401), ("made-up", 4401), (off, 4401), (session_of(stranger), 4404)):
        for path in paths(run):
            assert code_of(opened(server, path, session=session)) == code


def test_a_run_of_another_team_is_unknown_under_ones_own(server: str, run: Run, stranger: User) -> None:
    session = session_of(stranger)
    for path in [*paths(run, "elsewhere"), "/ws/t/elsewhere/runs/999999999999999999999", "/ws/t/nowhere/runs/1"]:
        assert code_of(opened(server, path, session=session)) == 4404


def test_a_session_ends_with_the_password_it_was_begun_with(server: str, run: Run, owner: User) -> None:
    session = session_of(owner)
    owner.set_password("another one altogether")
    owner.save()
    assert code_of(opened(server, paths(run)[0], session=session)) == 4401


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_only_our_own_pages_may_open_a_socket(server: str, run: Run, owner: User, origin: str | None) -> None:
    for path in paths(run):
        with pytest.raises(InvalidStatus) as refused, opened(server, path, session=session_of(owner), origin=origin):
            pass
        assert refused.value.response.status_code == 403


def test_an_address_without_a_socket_is_refused(server: str, owner: User) -> None:
    with pytest.raises(InvalidStatus) as refused, opened(server, "/ws/t/demo/problems/1", session=session_of(owner)):
        pass
    assert refused.value.response.status_code == 403


def test_who_sends_great_frames_or_many_is_cut_off(server: str, run: Run, owner: User) -> None:
    session = session_of(owner)
    with opened(server, paths(run)[0], session=session) as socket:
        socket.send("x" * 1_000_000)
        assert until_closed(socket)[1] == 1009
    with opened(server, paths(run)[0], session=session) as socket:
        for _ in range(20):
            socket.send("still there?")
        assert until_closed(socket)[1] == 4408
