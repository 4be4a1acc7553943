"""Invitations: one use, one address, one week; whatever is wrong with one looks the same."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone

from apps.accounts.invitations import (
    Accepted,
    accept,
    accept_as_new,
    find_invitation,
    invite,
    open_invitations,
    withdraw_invitation,
)
from apps.accounts.models import Invitation, Membership, Role, Team, User
from apps.common.errors import Refused
from tests import people

PASSWORD = "four words in a row"


@pytest.fixture
def guest(db: None) -> User:
    return User.objects.create_user("guest@example.org", "Guest")


def test_it_gives_its_address_a_place_once(team: Team, owner: User, guest: User) -> None:
    _, token = invite(team, " Guest@Example.org ", Role.REVIEWER, by=owner)
    accepted = accept(token, guest)
    assert accepted == Accepted(Membership.objects.get(team=team, user=guest), "")
    assert accepted.place.role == Role.REVIEWER
    assert accept(token, guest) is None
    assert Invitation.objects.get().used_by == guest


def test_the_token_itself_is_not_kept(team: Team, owner: User) -> None:
    made, token = invite(team, "guest@example.org", Role.VIEWER, by=owner)
    assert len(token) >= 43
    assert all(token not in str(value) for value in vars(Invitation.objects.get(pk=made.pk)).values())


def test_it_is_for_one_address_and_stays_open_when_another_tries(
    team: Team, owner: User, stranger: User, guest: User
) -> None:
    _, token = invite(team, guest.email, Role.VIEWER, by=owner)
    with pytest.raises(PermissionDenied):
        accept(token, stranger)
    assert not Membership.objects.filter(team=team, user=stranger).exists()
    assert accept(token, guest) is not None


def test_it_runs_out_after_a_week(team: Team, owner: User, guest: User) -> None:
    _, token = invite(team, guest.email, Role.VIEWER, by=owner)
    later = timezone.now() + timedelta(days=7, minutes=1)
    assert accept(token, guest, now=later) is None
    assert find_invitation(token, now=later) is None
    assert not open_invitations(team, now=later).exists()
    assert accept(token, guest, now=later - timedelta(minutes=2)) is not None


def test_a_withdrawn_one_is_gone_and_a_new_one_replaces_the_old(team: Team, owner: User, guest: User) -> None:
    first, old = invite(team, guest.email, Role.VIEWER, by=owner)
    second, new = invite(team, guest.email, Role.REVIEWER, by=owner)
    assert list(open_invitations(team)) == [second]
    assert accept(old, guest) is None
    withdraw_invitation(team, second.pk)
    assert accept(new, guest) is None
    with pytest.raises(Refused, match="before"):
        withdraw_invitation(team, first.pk)


def test_another_teams_invitation_cannot_be_withdrawn(team: Team, owner: User, stranger: User) -> None:
    made, token = invite(team, "guest@example.org", Role.VIEWER, by=owner)
    with pytest.raises(Http404):
        withdraw_invitation(people.make_team("elsewhere"), made.pk)
    assert find_invitation(token) == made


@pytest.mark.parametrize(("had", "invited", "has"), [("viewer", "reviewer", "reviewer"), ("owner", "viewer", "owner")])
def test_a_member_keeps_the_higher_role(team: Team, owner: User, guest: User, had: str, invited: str, has: str) -> None:
    _, token = invite(team, guest.email, Role(invited), by=owner)
    people.make_member(team, guest.email, Role(had))
    accepted = accept(token, guest)
    assert accepted is not None
    assert (accepted.role_before, accepted.place.role) == (had, has)
    assert "already" in accepted.sentence


def test_a_member_is_not_invited(team: Team, owner: User, colleague: User) -> None:
    with pytest.raises(Refused, match="belongs to the team already"):
        invite(team, colleague.email.upper(), Role.OWNER, by=owner)


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused(team: Team, owner: User, address: str) -> None:
    with pytest.raises(Refused, match="Expected an e-mail address"):
        invite(team, address, Role.VIEWER, by=owner)


def test_a_team_invites_fifty_times_a_day(team: Team, owner: User) -> None:
    for number in range(50):
        invite(team, f"guest-{number}@example.org", Role.VIEWER, by=owner)
    with pytest.raises(Refused, match="tomorrow") as refused:
        invite(team, "guest-51@example.org", Role.VIEWER, by=owner)
    assert refused.value.status == 429
    Invitation.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    invite(team, "guest-51@example.org", Role.VIEWER, by=owner)


def test_who_lost_the_right_meanwhile_invites_nobody(team: Team, colleague: User) -> None:
    with pytest.raises(PermissionDenied):
        invite(team, "guest@example.org", Role.OWNER, by=colleague)


def test_a_weak_password_uses_nothing_up(team: Team, owner: User) -> None:
    _, token = invite(team, "guest@example.org", Role.VIEWER, by=owner)
    with pytest.raises(Refused, match="12 characters"):
        accept_as_new(token, "Guest", "short")
    assert not User.objects.filter(email="guest@example.org").exists()
    accepted = accept_as_new(token, "Guest", PASSWORD)
    assert accepted is not None
    assert accepted.place.user.check_password(PASSWORD)


def test_an_address_with_an_account_gets_no_second_one_and_no_other_password(
    team: Team, owner: User, guest: User
) -> None:
    _, token = invite(team, guest.email, Role.VIEWER, by=owner)
    with pytest.raises(Refused, match="account with this address already"):
        accept_as_new(token, "Thief", PASSWORD)
    guest.refresh_from_db()
    assert not guest.has_usable_password()
    assert accept(token, guest) is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [False, True])
def test_of_two_who_accept_at_the_same_moment_one_succeeds(is_new: bool) -> None:
    team = people.make_team("demo")
    _, token = invite(team, "guest@example.org", Role.VIEWER, by=people.make_owner(team))
    guest = None if is_new else User.objects.create_user("guest@example.org")
    together = threading.Barrier(2)
    found: list[Accepted | None] = []

    def use() -> None:
        together.wait()
        found.append(accept(token, guest) if guest else accept_as_new(token, "Guest", PASSWORD))
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(accepted is None for accepted in found) == [False, True]
    assert Membership.objects.filter(team=team, user__email="guest@example.org").count() == 1
