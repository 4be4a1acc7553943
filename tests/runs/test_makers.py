"""Makers are one row each, whoever meets them first, and an id is asked for once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.runs.makers import MakerIds
from apps.runs.models import Maker as MakerRow
from tests.runs.logs import ENGINE, SCORER


@pytest.mark.django_db
def test_a_maker_is_written_with_all_it_says() -> None:
    row = MakerRow.objects.get(pk=MakerIds()(SCORER))
    assert (row.kind, row.key, row.version, row.revision, row.arguments) == (
        SCORER.kind, SCORER.key, SCORER.version, SCORER.revision, SCORER.arguments,
    )  # fmt: skip


@pytest.mark.django_db
def test_equal_makers_have_one_id_and_others_their_own() -> None:
    ids = MakerIds()
    assert ids(ENGINE) == ids(replace(ENGINE)) == MakerIds()(ENGINE)
    assert (
        len({ids(ENGINE), ids(SCORER), ids(replace(ENGINE, revision="b")), ids(replace(ENGINE, arguments="[]"))}) == 4
    )


@pytest.mark.django_db
def test_the_database_is_asked_once_a_maker() -> None:
    ids = MakerIds()
    ids(ENGINE)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            ids(ENGINE)
            ids(replace(ENGINE))
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_many_that_meet_a_new_maker_at_once_agree_on_its_id() -> None:
    together = Barrier(4)

    def met(_: int) -> int:
        together.wait()
        found = MakerIds()(ENGINE)
        connection.close()
        return found

    with ThreadPoolExecutor(4) as meeting:
        assert len(set(meeting.map(met, range(4)))) == 1
    assert MakerRow.objects.count() == 1
