"""Hundreds of sockets of the real server: all hear, and they hold no more of the database than a few pages would."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import connection

from apps.accounts.models import Role, Team
from apps.common.announce import tell
from apps.runs.news import run_group
from tests.factories import make_run_with_tree
from tests.live.listening import facts, news, opened, session_of
from tests.people import make_member

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, PAGES_EACH = 5, 40
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_two_hundred_sockets_hear_and_share_one_connection(server: str, team: Team) -> None:
    run = make_run_with_tree(team)
    sessions = [session_of(make_member(team, f"viewer-{n}@example.org", Role.VIEWER)) for n in range(PEOPLE)]
    with ExitStack() as open_ones:
        sockets = [
            open_ones.enter_context(opened(server, f"/ws/t/demo/runs/{run.pk}", session=session))
            for session in sessions
            for _ in range(PAGES_EACH)
        ]
        assert all(facts(socket) == {"run": run.pk, "seq": run.seq} for socket in sockets)
        with connection.cursor() as cursor:
            cursor.execute(CONNECTIONS)
            [held] = cursor.fetchone()
        assert held <= 3
        tell(run_group(run.pk), {"run": run.pk, "seq": 4242})
        assert all(news(socket) == {"run": run.pk, "seq": 4242} for socket in sockets)
