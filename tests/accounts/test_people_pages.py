"""The page of people: what it shows, to whom, and what each of its forms does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.invitations import find_invitation, invite
from apps.accounts.models import ApiToken, Invitation, Membership, Role, Team, User
from tests import people

ClientOf = Callable[[User], Client]
ROLES = [Role.REVIEWER, Role.ANNOTATOR, Role.VIEWER]


def addresses(team: Team, owner: User) -> list[tuple[str, str]]:
    """Every address of people and tokens with a method, filled with what is there in the team."""
    member = people.make_member(team, "member@example.org", Role.VIEWER)
    place = Membership.objects.get(team=team, user=member).pk
    invitation = invite(team, "guest@example.org", Role.VIEWER, by=owner)[0].pk
    token = ApiToken.objects.create(
        team=team,
        user=owner,
        name="script",
        prefix="0",
        secret_sha256="0",
        scopes=["look"],
        expires_at="2126-01-01T00:00Z",
    ).pk
    return [
        ("GET", "/t/demo/people/"),
        ("POST", f"/t/demo/people/{place}/role/"),
        ("GET", f"/t/demo/people/{place}/remove/"),
        ("POST", f"/t/demo/people/{place}/remove/"),
        ("POST", "/t/demo/people/invitations/"),
        ("POST", f"/t/demo/people/invitations/{invitation}/again/"),
        ("POST", f"/t/demo/people/invitations/{invitation}/withdraw/"),
        ("GET", "/t/demo/tokens/"),
        ("POST", "/t/demo/tokens/"),
        ("GET", f"/t/demo/tokens/{token}/withdraw/"),
        ("POST", f"/t/demo/tokens/{token}/withdraw/"),
    ]


def rows() -> list[object]:
    """Everything that any of these addresses could change."""
    models = (Membership, Invitation, ApiToken)
    return [row for model in models for row in model.objects.order_by("pk").values_list()]


@pytest.mark.parametrize("role", ROLES)
def test_a_member_who_is_no_owner_is_refused_everywhere(
    team: Team, owner: User, client_of: ClientOf, role: Role
) -> None:
    all_addresses, person = addresses(team, owner), people.make_member(team, "person@example.org", role)
    before = rows()
    found = {client_of(person).generic(method, address).status_code for method, address in all_addresses}
    assert found == {403}
    assert rows() == before


def test_a_stranger_finds_nothing_and_nobody_is_sent_to_sign_in(
    team: Team, owner: User, stranger: User, client_of: ClientOf
) -> None:
    all_addresses = addresses(team, owner)
    before = rows()
    assert {client_of(stranger).generic(*where).status_code for where in all_addresses} == {404}
    assert {Client().generic(*where)["Location"].partition("?")[0] for where in all_addresses} == {"/sign-in/"}
    assert rows() == before


def test_what_belongs_to_another_team_is_not_there_for_this_one(
    team: Team, owner: User, stranger: User, client_of: ClientOf
) -> None:
    theirs = [(how, where.replace("/demo/", "/elsewhere/")) for how, where in addresses(team, owner)]
    before = rows()
    with_ids = [(how, where) for how, where in theirs if any(part.isdigit() for part in where.split("/"))]
    assert len(with_ids) == 7
    assert {client_of(stranger).generic(*where).status_code for where in with_ids} == {404}
    assert rows() == before


def test_only_an_owner_is_shown_the_way_there(team: Team, owner: User, colleague: User, client_of: ClientOf) -> None:
    link = 'href="/t/demo/people/"'
    assert link in client_of(owner).get("/t/demo/datasets/").content.decode()
    assert link not in client_of(colleague).get("/t/demo/datasets/").content.decode()


@pytest.mark.parametrize("address", ["/t/demo/people/", "/t/demo/tokens/"])
def test_the_page_takes_as_many_queries_for_ten_as_for_a_thousand(
    team: Team, owner: User, client_of: ClientOf, address: str
) -> None:
    client = client_of(owner)
    counts = []
    for start, stop in ((0, 10), (10, 1000)):
        users = User.objects.bulk_create(User(email=f"{n}@example.org", name=f"Member {n}") for n in range(start, stop))
        Membership.objects.bulk_create(Membership(team=team, user=user, role=Role.VIEWER) for user in users)
        ApiToken.objects.bulk_create(
            ApiToken(
                team=team,
                user=user,
                name="t",
                prefix="0",
                secret_sha256=user.email,
                scopes=["look"],
                expires_at="2126-01-01T00:00Z",
            )
            for user in users
        )
        Invitation.objects.bulk_create(
            Invitation(
                team=team,
                email=user.email,
                token_sha256=user.email,
                role="viewer",
                invited_by=user,
                expires_at="2126-01-01T00:00Z",
            )
            for user in users
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_is_invited_and_the_link_is_shown_this_once(team: Team, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    answer = client.post("/t/demo/people/invitations/", {"email": "guest@example.org", "role": "reviewer"})
    token = answer.context["link"].rstrip("/").rpartition("/")[2]
    assert answer.context["link"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert find_invitation(token) is not None
    assert token not in client.get("/t/demo/people/").content.decode()


def test_a_new_link_ends_the_old_one(team: Team, owner: User, client_of: ClientOf) -> None:
    made, old = invite(team, "guest@example.org", Role.REVIEWER, by=owner)
    answer = client_of(owner).post(f"/t/demo/people/invitations/{made.pk}/again/")
    assert find_invitation(old) is None
    new = find_invitation(answer.context["link"].rstrip("/").rpartition("/")[2])
    assert new is not None
    assert (new.email, new.role) == ("guest@example.org", "reviewer")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "nobody", "role": "viewer"}, "Expected an e-mail address"),
        ({"email": "guest@example.org", "role": "king"}, "king is not one of the available choices"),
        ({"email": "owner@example.org", "role": "viewer"}, "belongs to the team already"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    team: Team, owner: User, client_of: ClientOf, given: dict[str, str], words: str
) -> None:
    answer = client_of(owner).post("/t/demo/people/invitations/", given)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Invitation.objects.exists()


def test_an_owner_is_asked_before_they_give_it_up(team: Team, owner: User, client_of: ClientOf) -> None:
    people.make_member(team, "second@example.org", Role.OWNER)
    place, client = Membership.objects.get(user=owner), client_of(owner)
    asked = client.post(f"/t/demo/people/{place.pk}/role/", {"role": "viewer"})
    assert "Give up being an owner?" in asked.content.decode()
    assert Membership.objects.get(pk=place.pk).role == Role.OWNER
    assert client.post(f"/t/demo/people/{place.pk}/role/", {"role": "viewer", "sure": "on"})["Location"] == "/"
    assert Membership.objects.get(pk=place.pk).role == Role.VIEWER


def test_a_member_is_removed_after_a_question_and_the_last_owner_is_not(
    team: Team, owner: User, colleague: User, client_of: ClientOf
) -> None:
    client, place = client_of(owner), Membership.objects.get(user=colleague).pk
    assert "Remove colleague from Demo?" in client.get(f"/t/demo/people/{place}/remove/").content.decode()
    gone = client.post(f"/t/demo/people/{place}/remove/", follow=True).content.decode()
    assert "does not belong to Demo any more. Their labels stay." in gone
    own = Membership.objects.get(user=owner).pk
    assert "last owner cannot go" in client.get(f"/t/demo/people/{own}/remove/").content.decode()
    assert "is the last owner of Demo" in client.post(f"/t/demo/people/{own}/remove/", follow=True).content.decode()


def test_a_search_that_finds_nobody_says_so(team: Team, owner: User, client_of: ClientOf) -> None:
    page = client_of(owner).get("/t/demo/people/", {"q": "<b>\0nobody"}).content.decode()
    assert "has “<bdi>&lt;b&gt;nobody</bdi>” in it" in page
