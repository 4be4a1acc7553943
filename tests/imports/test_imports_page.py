"""The imports page: what became of each file, for those who may import, in a number of queries that does not grow."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.imports.models import ImportBatch
from apps.imports.services import import_file
from tests.imports.records import RECORD, lines, record

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ADDRESS = "/t/demo/imports/"


def file(content: bytes, name: str = "traces.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_without_imports_it_says_what_to_do(client_of: ClientOf, owner: User) -> None:
    page = client_of(owner).get(ADDRESS).content.decode()
    assert "Nothing has been imported yet" in page
    assert "At most 1 MiB a file" in page
    assert "PRM800K" in page


def test_every_file_gets_its_own_result(client_of: ClientOf, owner: User) -> None:
    files = [
        file(lines(RECORD), "good.jsonl"),
        file(lines(RECORD, record(labeler=7)), "partly.jsonl"),
        file(b"PK\x03", "archive.zip"),
        file(lines(RECORD), "again.jsonl"),
    ]
    response = client_of(owner).post(ADDRESS, {"uploads": files, "format": "", "keep": "good"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "1 problem, 1 run, 2 steps, 2 labels" in page
    assert "labeler" in page
    assert "the number 7" in page
    assert "archive.zip: no import format knows this file" in page
    assert "is there already, since" in page
    assert list(ImportBatch.objects.order_by("pk").values_list("file_name", flat=True)) == [
        "good.jsonl",
        "partly.jsonl",
    ]
    assert ImportBatch.objects.filter(created_by=owner).count() == 2
    batch = ImportBatch.objects.order_by("pk")[0]
    assert f"/t/demo/experiments/{batch.experiment_id}/" in page


def test_nothing_of_a_broken_file_is_kept_where_that_was_chosen(client_of: ClientOf, owner: User) -> None:
    content = lines(RECORD, record(labeler=7))
    response = client_of(owner).post(ADDRESS, {"uploads": [file(content)], "format": "prm800k", "keep": "none"})
    assert "Nothing was stored" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_sent_again_shows_its_broken_rows_again(client_of: ClientOf, owner: User) -> None:
    client, content = client_of(owner), lines(RECORD, record(labeler=7))
    pages = [client.post(ADDRESS, {"uploads": [file(content)], "keep": "good"}).content.decode() for _ in range(2)]
    assert "nothing was stored" in pages[1]
    for page in pages:
        assert "1 row rejected" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"keep": "good"}, "Choose at least one file"),
        ({"keep": "good", "uploads": file(b"")}, "found an empty file"),
        ({"keep": "good", "uploads": file(b"x" * (1024 * 1024 + 1))}, "expected at most 1 MiB; found 1.0 MiB"),
        ({"keep": "good", "uploads": [file(b"x")] * 21}, "Expected at most 20 files; found 21"),
        ({"keep": "good", "uploads": file(b"x"), "format": "prm900k"}, "prm900k is not one of the available choices"),
        ({"keep": "some", "uploads": file(b"x")}, "some is not one of the available choices"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    client_of: ClientOf, owner: User, sent: dict[str, object], said: str
) -> None:
    response = client_of(owner).post(ADDRESS, sent)
    assert response.status_code == 400
    assert said in response.content.decode()


def test_a_file_name_is_shown_as_text(client_of: ClientOf, owner: User) -> None:
    name = "<img src=x onerror=alert(1)>.jsonl"
    page = client_of(owner).post(ADDRESS, {"uploads": [file(lines(RECORD), name)], "keep": "good"}).content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_colleague_without_the_right_and_a_stranger_are_kept_out(
    client_of: ClientOf, colleague: User, stranger: User, client: Client
) -> None:
    for method in ("get", "post"):
        assert getattr(client_of(colleague), method)(ADDRESS).status_code == 403
        assert getattr(client_of(stranger), method)(ADDRESS).status_code == 404
        assert getattr(client, method)(ADDRESS).status_code == 302


def test_only_the_teams_own_imports_are_listed(client_of: ClientOf, owner: User, stranger: User) -> None:
    import_file(Team.objects.get(slug="elsewhere"), io.BytesIO(lines(RECORD)), "theirs.jsonl")
    assert "theirs.jsonl" not in client_of(owner).get(ADDRESS).content.decode()


def test_queries_do_not_grow_with_the_imports(client_of: ClientOf, owner: User, team: Team) -> None:
    client = client_of(owner)
    counts = []
    for generation in range(6):
        import_file(team, io.BytesIO(lines(record(generation=generation))), "x", by=owner)
        if generation in (1, 5):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(ADDRESS)
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
