"""A right that ends while somebody listens: the socket is closed, and nothing is told after that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import Membership, Team, User
from apps.accounts.news import tell_member
from apps.common.announce import tell
from apps.runs.models import Run
from apps.runs.news import run_group
from tests.factories import make_run_with_tree
from tests.live.listening import facts, opened, session_of, until_closed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


def put_out(person: User) -> None:
    Membership.objects.filter(user=person).delete()


def switch_off(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person: User) -> None:
    person.set_password("another one altogether")
    person.save()


@pytest.mark.parametrize("end", [put_out, switch_off, change_password])
def test_who_has_no_right_any_more_hears_nothing_more(
    server: str, run: Run, colleague: User, end: Callable[[User], None]
) -> None:
    with opened(server, f"/ws/t/demo/runs/{run.pk}", session=session_of(colleague)) as socket:
        assert facts(socket) == {"run": run.pk, "seq": run.seq}
        end(colleague)
        tell_member(colleague.pk)
        # Said after the right has ended, so it must not be heard: one connection carries both, in order.
        tell(run_group(run.pk), {"run": run.pk, "seq": 4242})
        assert until_closed(socket) == ([], 4403)


def test_who_signs_out_hears_nothing_more_in_the_tabs_that_are_still_open(
    server: str, run: Run, colleague: User
) -> None:
    session = session_of(colleague)
    with opened(server, f"/ws/t/demo/runs/{run.pk}", session=session) as socket:
        assert facts(socket) == {"run": run.pk, "seq": run.seq}
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        assert client.post("/sign-out/").status_code == 302
        tell(run_group(run.pk), {"run": run.pk, "seq": 4242})
        assert until_closed(socket) == ([], 4403)


def test_a_change_that_leaves_the_right_leaves_the_socket(server: str, run: Run, colleague: User) -> None:
    with opened(server, f"/ws/t/demo/runs/{run.pk}", session=session_of(colleague)) as socket:
        facts(socket)
        Membership.objects.filter(user=colleague).update(role="viewer")
        tell_member(colleague.pk)
        assert facts(socket) == {}
        tell(run_group(run.pk), {"run": run.pk, "seq": 4242})
        assert facts(socket) == {"run": run.pk, "seq": 4242}


def test_a_run_that_is_deleted_closes_its_sockets(server: str, run: Run, colleague: User) -> None:
    with opened(server, f"/ws/t/demo/runs/{run.pk}", session=session_of(colleague)) as socket:
        facts(socket)
        Run.objects.filter(pk=run.pk).delete()
        tell_member(colleague.pk)
        assert until_closed(socket) == ([], 4403)
