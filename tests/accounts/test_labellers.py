"""Labellers: members once each, foreign names once each, and a foreign name never signs in."""

from __future__ import annotations

import pytest

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.services import add_member, create_team, foreign_labeller, labeller_of
from apps.common.errors import Refused


def test_a_member_is_one_labeller(team: Team, colleague: User) -> None:
    assert labeller_of(team, colleague) == labeller_of(team, colleague)
    assert Labeller.objects.get().user == colleague


def test_a_foreign_name_is_one_labeller_and_no_user(team: Team) -> None:
    people_before = User.objects.count()
    assert foreign_labeller(team, "labeler 7") == foreign_labeller(team, "labeler 7")
    assert Labeller.objects.get().user is None
    assert User.objects.count() == people_before


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_it_refuses_a_foreign_name_that_is_none(team: Team, name: str) -> None:
    with pytest.raises(Refused, match="1 to 200 characters"):
        foreign_labeller(team, name)


def test_it_refuses_a_slug_that_is_taken(team: Team) -> None:
    with pytest.raises(Refused, match="already"):
        create_team(team.slug, "Another")


def test_a_member_added_again_changes_role(team: Team, colleague: User) -> None:
    assert add_member(team, colleague, Role.REVIEWER).role == Role.REVIEWER
    assert colleague.memberships.count() == 1
