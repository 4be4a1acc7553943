"""One link, one sign-in, however many come at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import SignInLink, Team, User
from apps.accounts.services import consume_sign_in_link, make_sign_in_link


def test_it_signs_in_once(owner: User) -> None:
    token = make_sign_in_link(owner)
    assert consume_sign_in_link(token) == owner
    assert consume_sign_in_link(token) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_the_same_moment_one_succeeds() -> None:
    token = make_sign_in_link(User.objects.create_user("owner@example.org"))
    together = threading.Barrier(2)
    found: list[User | None] = []

    def use() -> None:
        together.wait()
        found.append(consume_sign_in_link(token))
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(user is None for user in found) == [False, True]


def test_it_runs_out(owner: User) -> None:
    token = make_sign_in_link(owner, valid_for=timedelta(minutes=15))
    assert consume_sign_in_link(token, now=timezone.now() + timedelta(minutes=16)) is None
    assert consume_sign_in_link(token, now=timezone.now() + timedelta(minutes=14)) == owner


def test_the_token_itself_is_not_kept(owner: User) -> None:
    token = make_sign_in_link(owner)
    link = SignInLink.objects.get()
    assert token not in (link.token_sha256, str(link.pk))
    assert len(link.token_sha256) == 64


def test_it_signs_nobody_in_who_is_gone(owner: User) -> None:
    token = make_sign_in_link(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert consume_sign_in_link(token) is None


def test_the_page_signs_in_and_leads_home(owner: User, team: Team) -> None:
    client = Client()
    answer = client.get(f"/sign-in/{make_sign_in_link(owner)}/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == f"/t/{team.slug}/experiments/"


def test_the_page_leads_to_where_one_wanted_to_go(owner: User, team: Team) -> None:
    client = Client()
    client.get("/sign-in/", {"next": f"/t/{team.slug}/datasets/"})
    assert client.get(f"/sign-in/{make_sign_in_link(owner)}/")["Location"] == f"/t/{team.slug}/datasets/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_page_leads_to_no_other_site(owner: User, elsewhere: str) -> None:
    client = Client()
    client.get("/sign-in/", {"next": elsewhere})
    assert client.get(f"/sign-in/{make_sign_in_link(owner)}/")["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_link_says_what_to_do() -> None:
    answer = Client().get("/sign-in/nobody-was-given-this/")
    assert answer.status_code == 410
    assert "sign_in_link" in answer.content.decode()


def test_asking_for_the_head_does_not_use_the_link_up(owner: User) -> None:
    token = make_sign_in_link(owner)
    assert Client().head(f"/sign-in/{token}/").status_code == 405
    assert consume_sign_in_link(token) == owner
