"""Who may do what: the table of roles, and that nobody outside a team may do anything."""

from __future__ import annotations

from typing import get_args

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.access import ALLOWED, Verb, may
from apps.accounts.models import Role, Team, User
from tests import people

VERBS = get_args(Verb)
TABLE = {
    Role.VIEWER: {"look", "comment"},
    Role.ANNOTATOR: {"look", "comment", "label"},
    Role.REVIEWER: {"look", "comment", "label", "launch", "import", "freeze", "settle", "assign"},
    Role.OWNER: set(VERBS),
}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_comes_with_its_rights_and_no_other(team: Team, role: Role) -> None:
    member = people.make_member(team, f"{role}@example.org", role)
    assert {verb for verb in VERBS if may(member, verb, team)} == TABLE[role]


def test_every_role_has_its_row() -> None:
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_may_do_nothing(team: Team, stranger: User, verb: Verb) -> None:
    assert not may(stranger, verb, team)


@pytest.mark.parametrize("verb", VERBS)
def test_who_is_not_signed_in_may_do_nothing(team: Team, verb: Verb) -> None:
    assert not may(AnonymousUser(), verb, team)


def test_who_was_switched_off_may_do_nothing(team: Team, owner: User) -> None:
    owner.is_active = False
    assert not may(owner, "look", team)
