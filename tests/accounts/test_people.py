"""A team's people: roles changed, members removed, and never a team without an owner."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone

from apps.accounts.access import ALLOWED, SAID, Verb
from apps.accounts.invitations import accept, find_invitation, invite
from apps.accounts.models import ApiToken, Labeller, Membership, Role, Team, User
from apps.accounts.people import change_role, members_of, remove_member, rights
from apps.accounts.services import labeller_of
from apps.accounts.tokens import make_token, read_token
from apps.common.errors import Refused
from tests import people


def place_of(team: Team, user: User) -> int:
    return Membership.objects.get(team=team, user=user).pk


def test_a_role_is_changed_and_its_rights_with_it(team: Team, owner: User, colleague: User) -> None:
    change_role(team, place_of(team, colleague), Role.REVIEWER, by=owner)
    assert Membership.objects.get(user=colleague).role == Role.REVIEWER


def test_who_is_removed_is_a_labeller_still(team: Team, owner: User, colleague: User) -> None:
    labeller = labeller_of(team, colleague)
    remove_member(team, place_of(team, colleague), by=owner)
    assert not Membership.objects.filter(user=colleague).exists()
    assert Labeller.objects.get(pk=labeller.pk).user == colleague


def test_the_last_owner_can_neither_go_nor_be_less(team: Team, owner: User, colleague: User) -> None:
    with pytest.raises(Refused, match="last owner"):
        remove_member(team, place_of(team, owner), by=owner)
    with pytest.raises(Refused, match="last owner"):
        change_role(team, place_of(team, owner), Role.REVIEWER, by=owner)
    assert Membership.objects.get(user=owner).role == Role.OWNER


def test_an_owner_who_was_switched_off_is_no_owner_to_leave_a_team_with(team: Team, owner: User) -> None:
    people.make_member(team, "second@example.org", Role.OWNER)
    User.objects.filter(email="second@example.org").update(is_active=False)
    with pytest.raises(Refused, match="last owner"):
        remove_member(team, place_of(team, owner), by=owner)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["remove", "change"])
def test_two_owners_who_act_on_each_other_at_the_same_moment_leave_one(act: str) -> None:
    team = people.make_team("demo")
    owners = [people.make_member(team, f"owner-{number}@example.org", Role.OWNER) for number in range(2)]
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def act_on(by: User, other: int) -> None:
        together.wait()
        try:
            if act == "remove":
                remove_member(team, other, by=by)
            else:
                change_role(team, other, Role.VIEWER, by=by)
            outcomes.append("done")
        except PermissionDenied:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act_on, args=(owners[0], place_of(team, owners[1]))),
        threading.Thread(target=act_on, args=(owners[1], place_of(team, owners[0]))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Membership.objects.filter(team=team, role=Role.OWNER).count() == 1


def test_who_stops_being_an_owner_loses_what_they_handed_out(team: Team, owner: User) -> None:
    second = people.make_member(team, "second@example.org", Role.OWNER)
    _, invitation = invite(team, "friend@example.org", Role.OWNER, by=second)
    _, token = make_token(team, name="script", scopes=["look"], days=1, by=second)
    change_role(team, place_of(team, second), Role.VIEWER, by=owner)
    assert find_invitation(invitation) is None
    assert read_token(f"Bearer {token}") is None


def test_who_is_removed_cannot_come_back_by_a_token_or_an_old_invitation(team: Team, owner: User) -> None:
    _, waiting = invite(team, "second@example.org", Role.VIEWER, by=owner)
    second = people.make_member(team, "second@example.org", Role.OWNER)
    make_token(team, name="script", scopes=["look"], days=1, by=second)
    remove_member(team, place_of(team, second), by=owner)
    people.make_member(team, "second@example.org", Role.OWNER)
    assert ApiToken.objects.get().withdrawn_at <= timezone.now()
    assert accept(waiting, second) is None


def test_a_member_of_another_team_is_nobody_here(team: Team, owner: User, stranger: User) -> None:
    elsewhere = Membership.objects.get(user=stranger)
    for act in (
        lambda: remove_member(team, elsewhere.pk, by=owner),
        lambda: change_role(team, elsewhere.pk, Role.VIEWER, by=owner),
    ):
        with pytest.raises(Http404):
            act()
    elsewhere.refresh_from_db()
    assert elsewhere.role == Role.OWNER


def test_owners_come_first_and_a_search_looks_at_name_and_address(team: Team, owner: User, colleague: User) -> None:
    User.objects.filter(pk=colleague.pk).update(name="Ada 100%")
    assert [place.user for place in members_of(team)] == [owner, colleague]
    assert [place.user for place in members_of(team, search="0%")] == [colleague]
    assert [place.user for place in members_of(team, search="OWNER@")] == [owner]


def test_the_table_of_rights_is_the_one_that_decides() -> None:
    assert {right.verb for right in rights()} == set(SAID) == set(ALLOWED[Role.OWNER])
    shown: dict[str, set[Verb]] = {role: {right.verb for right in rights() if role in right.roles} for role in Role}
    assert shown == {role: set(verbs) for role, verbs in ALLOWED.items()}
