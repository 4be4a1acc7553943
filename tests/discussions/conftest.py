"""A run to talk about, and the people of its team."""

from __future__ import annotations

import pytest

from apps.accounts.models import Role, Team, User
from apps.runs.models import Run
from tests.factories import make_run_with_tree
from tests.people import make_member


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


@pytest.fixture
def viewer(team: Team) -> User:
    return make_member(team, "viewer@example.org", Role.VIEWER)


@pytest.fixture
def reviewer(team: Team) -> User:
    return make_member(team, "reviewer@example.org", Role.REVIEWER)
