"""A member who is removed on the page of people while they listen: their socket is closed without being asked."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import Membership, Team, User
from tests.factories import make_run_with_tree
from tests.live.listening import facts, opened, session_of, until_closed


@pytest.mark.django_db(transaction=True)
def test_who_is_removed_hears_nothing_more(server: str, team: Team, owner: User, colleague: User) -> None:
    run, page = make_run_with_tree(team), Client()
    page.force_login(owner)
    with opened(server, f"/ws/t/demo/runs/{run.pk}", session=session_of(colleague)) as socket:
        facts(socket)
        place = Membership.objects.get(user=colleague).pk
        assert page.post(f"/t/demo/people/{place}/remove/").status_code == 302
        # Not even a heartbeat came in between: it was closed because of the news.
        assert until_closed(socket) == ([], 4403)
