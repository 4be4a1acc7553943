"""The dataset pages: what they show, to whom, and what a download is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.datasets.models import Export, Snapshot
from apps.datasets.services import export_to_store
from apps.runs.models import Run
from tests import people
from tests.datasets.stored_trees import freeze_here

ClientOf = Callable[[User], Client]


@pytest.fixture
def snapshot(team: Team, judged: Run) -> Snapshot:
    return freeze_here(team)


@pytest.fixture
def export(snapshot: Snapshot) -> Export:
    return export_to_store(snapshot, "stepwise", {})


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_is_frozen_by_one_button(client_of: ClientOf, owner: User, judged: Run) -> None:
    response = client_of(owner).post("/t/demo/datasets/freeze/", {"name": "Round 1"}, follow=True)
    assert response.redirect_chain == [("/t/demo/datasets/1/", 302)]
    page = response.content.decode()
    assert "Round 1" in page
    assert "Snapshot 1 is frozen." in page


def test_an_export_is_made_and_downloaded(client_of: ClientOf, owner: User, snapshot: Snapshot) -> None:
    client = client_of(owner)
    options = {"format": "stepwise", "stepwise-neutral": "drop"}
    response = client.post("/t/demo/datasets/1/exports/", options)
    assert response["Location"] == "/t/demo/datasets/1/#exports"
    export = Export.objects.get()
    assert (export.options, export.rows, export.created_by) == ({"neutral": "drop"}, 2, owner)
    file = client.get(f"/t/demo/datasets/1/exports/{export.pk}/")
    assert file["Content-Disposition"] == 'attachment; filename="demo-snapshot-1-stepwise.jsonl"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Type"] == "application/jsonl"
    assert b"".join(file).count(b"\n") == 2


def test_an_option_that_cannot_be_is_said_beside_its_field(
    client_of: ClientOf, owner: User, snapshot: Snapshot
) -> None:
    response = client_of(owner).post("/t/demo/datasets/1/exports/", {"format": "stepwise", "stepwise-neutral": "maybe"})
    assert response.status_code == 400
    assert "maybe is not one of the available choices" in response.content.decode()
    assert not Export.objects.exists()


def test_an_unknown_format_is_refused_by_name(client_of: ClientOf, owner: User, snapshot: Snapshot) -> None:
    response = client_of(owner).post("/t/demo/datasets/1/exports/", {"format": "<parchment>"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "&lt;parchment&gt;" in page
    assert "Known: stepwise" in page


def test_a_missing_snapshot_file_is_said_on_the_page(
    client_of: ClientOf, owner: User, snapshot: Snapshot, data_dir: Path
) -> None:
    (data_dir / "snapshots" / snapshot.sha256).unlink()
    response = client_of(owner).post("/t/demo/datasets/1/exports/", {"format": "stepwise"}, follow=True)
    assert "Restore the file from a backup" in response.content.decode()
    assert not Export.objects.exists()


def test_a_colleague_looks_but_neither_freezes_nor_exports(
    client_of: ClientOf, colleague: User, snapshot: Snapshot, export: Export
) -> None:
    client = client_of(colleague)
    listed, sheet = client.get("/t/demo/datasets/"), client.get("/t/demo/datasets/1/")
    assert (listed.status_code, sheet.status_code) == (200, 200)
    assert "Freeze snapshot" not in listed.content.decode()
    assert "Download" not in sheet.content.decode()
    assert client.post("/t/demo/datasets/freeze/", {"name": ""}).status_code == 403
    assert client.post("/t/demo/datasets/1/exports/", {"format": "stepwise"}).status_code == 403
    assert client.get(f"/t/demo/datasets/1/exports/{export.pk}/").status_code == 403
    assert (Snapshot.objects.count(), Export.objects.count()) == (1, 1)


def test_a_reviewer_freezes_and_does_not_export(client_of: ClientOf, team: Team, snapshot: Snapshot) -> None:
    client = client_of(people.make_member(team, "reviewer@example.org", Role.REVIEWER))
    assert "Freeze snapshot" in client.get("/t/demo/datasets/").content.decode()
    assert client.post("/t/demo/datasets/1/exports/", {"format": "stepwise"}).status_code == 403


def test_a_stranger_is_told_that_nothing_is_there(
    client_of: ClientOf, stranger: User, snapshot: Snapshot, export: Export
) -> None:
    client = client_of(stranger)
    for team in ("demo", "elsewhere"):
        assert client.get(f"/t/{team}/datasets/1/").status_code == 404
        assert client.post(f"/t/{team}/datasets/1/exports/", {"format": "stepwise"}).status_code == 404
        assert client.get(f"/t/{team}/datasets/1/exports/{export.pk}/").status_code == 404
    assert client.get("/t/demo/datasets/").status_code == 404
    assert client.post("/t/demo/datasets/freeze/").status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(snapshot: Snapshot) -> None:
    assert Client().get("/t/demo/datasets/1/")["Location"] == "/sign-in/?next=/t/demo/datasets/1/"


def test_a_form_without_its_token_is_refused(owner: User, snapshot: Snapshot) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post("/t/demo/datasets/freeze/", {"name": ""}).status_code == 403
    assert client.get("/t/demo/datasets/freeze/").status_code == 405


def test_a_name_is_shown_as_text(client_of: ClientOf, owner: User, snapshot: Snapshot) -> None:
    Snapshot.objects.update(name="<script>alert(1)</script>")
    for address in ("/t/demo/datasets/", "/t/demo/datasets/1/"):
        assert "<script>alert(1)" not in client_of(owner).get(address).content.decode()


@pytest.mark.parametrize("address", ["/t/demo/datasets/", "/t/demo/datasets/1/"])
def test_a_page_takes_as_many_queries_for_many_rows_as_for_one(
    client_of: ClientOf, owner: User, team: Team, snapshot: Snapshot, export: Export, address: str
) -> None:
    client = client_of(owner)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for neutral in ("bad", "drop"):
        export_to_store(snapshot, "stepwise", {"neutral": neutral}, by=owner)
        freeze_here(team)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 8


def test_an_empty_list_says_what_to_do(client_of: ClientOf, owner: User) -> None:
    assert "No snapshot yet" in client_of(owner).get("/t/demo/datasets/").content.decode()
