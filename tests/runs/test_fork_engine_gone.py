"""The form of a fork where what the run was played with is not there any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from tests.factories import make_run_with_tree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["branch", "continue"])
def test_the_form_comes_and_says_which_engine_is_gone(
    team: Team, owner: User, client_of: Callable[[User], Client], kind: str
) -> None:
    run = make_run_with_tree(team)
    answer = client_of(owner).get(f"/t/demo/runs/{run.pk}/fork/?step=1&kind={kind}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="engine"' in page
    assert "Unknown engine &#x27;factory-engine&#x27;. Known: tiny-policy" in page
