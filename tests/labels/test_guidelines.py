"""Guidelines are written in versions that nobody changes, and whoever labels is told which to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.labels.guideline_template import NAME, TEXT
from apps.labels.guidelines import (
    add_guideline,
    add_version,
    confirm_reading,
    must_read,
    version_in_force,
)
from apps.labels.models import Guideline, GuidelineReading, GuidelineVersion
from tests import people

ClientOf = Callable[[User], Client]
LIST = "/t/demo/labelling/guidelines/"


@pytest.fixture
def guideline(team: Team, owner: User) -> Guideline:
    version = add_guideline(team=team, by=owner, name="How we judge", text="First *words*, $x^2$.", must_read=True)
    return version.guideline


def follow(guideline: Guideline, by: User, text: str, *, must_read: bool = True) -> GuidelineVersion:
    since = version_in_force(guideline).number
    return add_version(guideline=guideline, by=by, text=text, summary="Why", must_read=must_read, since=since)


def test_a_team_without_a_guideline_is_offered_one_and_stores_it(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    assert b"PRM800K" in client.get(LIST).content
    page = client.get(LIST + "new/")
    assert page.context["form"]["text"].value() == TEXT
    answer = client.post(LIST + "new/", {"name": NAME, "text": TEXT, "must_read": "on"})
    stored = GuidelineVersion.objects.get()
    assert (answer.status_code, stored.number, stored.text, stored.created_by) == (302, 1, TEXT.strip(), owner)
    assert client.get(LIST + "new/").context["form"]["text"].value() is None


def test_a_version_follows_another_and_leaves_it_as_it_was(
    client_of: ClientOf, owner: User, guideline: Guideline
) -> None:
    body = {"text": "Other words.", "summary": "Shorter", "must_read": "on", "since": "1"}
    assert client_of(owner).post(f"{LIST}{guideline.pk}/new/", body).status_code == 302
    assert [(one.number, one.text) for one in guideline.versions.order_by("number")] == [
        (1, "First *words*, $x^2$."),
        (2, "Other words."),
    ]


def test_who_writes_after_somebody_else_is_told_and_keeps_their_words(
    client_of: ClientOf, owner: User, guideline: Guideline
) -> None:
    follow(guideline, owner, "Theirs.")
    body = {"text": "Mine.", "summary": "Because", "must_read": "on", "since": "1"}
    told = client_of(owner).post(f"{LIST}{guideline.pk}/new/", body)
    assert (told.status_code, GuidelineVersion.objects.count()) == (409, 2)
    form = told.context["form"]
    assert (form["text"].value(), form["since"].value()) == ("Mine.", "2")
    assert [(line.kind, line.text) for line in told.context["lines"]] == [("removed", "Theirs."), ("added", "Mine.")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": "First *words*, $x^2$."}, "found the same"),
        ({"text": " "}, "required"),
        ({"text": "x" * 20_001}, "at most 20,000"),
        ({"text": "a\x00b"}, "Null characters"),
        ({"summary": ""}, "required"),
        ({"since": "١"}, "whole number"),
        ({"number": "9"}, "Unknown field &#x27;number&#x27;"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_a_sentence(
    client_of: ClientOf, owner: User, guideline: Guideline, changed: dict[str, Any], said: str
) -> None:
    body = {"text": "New.", "summary": "Because", "since": "1", **changed}
    answer = client_of(owner).post(f"{LIST}{guideline.pk}/new/", body)
    assert (answer.status_code, GuidelineVersion.objects.count()) == (400, 1)
    assert said in answer.content.decode()


def test_who_has_read_the_newest_that_asks_for_it_owes_nothing(
    owner: User, colleague: User, guideline: Guideline
) -> None:
    assert must_read(colleague, guideline) == version_in_force(guideline)
    confirm_reading(user=colleague, version=version_in_force(guideline))
    assert must_read(colleague, guideline) is None
    follow(guideline, owner, "A slip of the pen mended.", must_read=False)
    assert must_read(colleague, guideline) is None
    asked = follow(guideline, owner, "Another rule.")
    last = follow(guideline, owner, "Another slip.", must_read=False)
    assert asked.number < last.number
    assert must_read(colleague, guideline) == last
    confirm_reading(user=colleague, version=last)
    assert must_read(colleague, guideline) is None
    assert must_read(owner, guideline) == last


def test_the_fragment_says_what_changed_until_it_is_confirmed(
    client_of: ClientOf, owner: User, colleague: User, guideline: Guideline
) -> None:
    confirm_reading(user=colleague, version=version_in_force(guideline))
    follow(guideline, owner, "First rule.")
    client, address = client_of(colleague), f"{LIST}{guideline.pk}/"
    words = client.get(address + "words/").content.decode()
    assert 'data-owes="1"' in words
    assert "<ins" in words
    for _ in range(2):
        assert client.post(f"{address}versions/2/read/", {}).status_code == 302
    assert GuidelineReading.objects.filter(user=colleague).count() == 2
    assert "data-owes" not in client.get(address + "words/").content.decode()


@pytest.mark.parametrize(
    ("role", "new", "read", "looks"),
    [
        (Role.OWNER, 200, 302, 200),
        (Role.REVIEWER, 403, 302, 200),
        (Role.ANNOTATOR, 403, 302, 200),
        (Role.VIEWER, 403, 403, 200),
    ],
)
def test_each_role_may_do_its_own(
    client_of: ClientOf, team: Team, guideline: Guideline, role: Role, new: int, read: int, looks: int
) -> None:
    client = client_of(people.make_member(team, f"{role}@example.org", role))
    address = f"{LIST}{guideline.pk}/"
    assert client.get(LIST + "new/").status_code == client.get(address + "new/").status_code == new
    assert client.post(address + "versions/1/read/", {}).status_code == read
    page = client.get(address)
    assert page.status_code == client.get(address + "words/").status_code == looks
    assert (b"Who has read it" in page.content) == (role in {Role.OWNER, Role.REVIEWER})


def test_a_stranger_and_nobody_find_nothing(client_of: ClientOf, stranger: User, guideline: Guideline) -> None:
    address = f"{LIST}{guideline.pk}/"
    assert {client_of(stranger).get(address + more).status_code for more in ("", "words/", "new/")} == {404}
    assert Client().get(address).status_code == 302
    elsewhere = f"/t/elsewhere/labelling/guidelines/{guideline.pk}/"
    assert client_of(stranger).get(elsewhere).status_code == 404


def test_the_pages_take_as_many_queries_however_much_there_is(client_of: ClientOf, team: Team, owner: User) -> None:
    client, counts = client_of(owner), []
    for more in (range(10), range(10, 1000)):
        rows = Guideline.objects.bulk_create(Guideline(team=team, name=f"Guideline {n}") for n in more)
        versions = [GuidelineVersion(guideline=one, number=1, text="Words.") for one in rows]
        versions += [GuidelineVersion(guideline=rows[0], number=n, text=f"Words {n}.") for n in range(2, len(rows))]
        GuidelineVersion.objects.bulk_create(versions)
        for n in more[:40]:
            people.make_member(team, f"reader-{n}@example.org", Role.ANNOTATOR)
        for address in (LIST, f"{LIST}{rows[0].pk}/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
