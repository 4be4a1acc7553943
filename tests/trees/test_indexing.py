"""The words of ended runs are written in the background: once, in pieces, and not while a run is played."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from apps.accounts.models import Team
from apps.runs.models import Run, StepSearch
from apps.trees import indexing
from apps.trees.ended import look_after_ended
from apps.trees.indexing import index_a_round, index_steps
from tests.factories import make_run_with_tree


def indexed(run: Run) -> list[int]:
    return list(StepSearch.objects.filter(run=run).order_by("number").values_list("number", flat=True))


def test_an_ended_run_is_searchable_once_every_step_has_its_words(team: Team) -> None:
    run = make_run_with_tree(team, [["one", "two"], ["three"]])
    assert index_steps(run.pk) == 3
    run.refresh_from_db()
    assert run.searchable
    assert indexed(run) == [1, 2, 3]
    assert index_steps(run.pk) == 0


def test_what_was_broken_off_goes_on_where_it_was(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "STEPS_AT_ONCE", 2)
    run = make_run_with_tree(team, [["one", "two"], ["three", "four", "five"]])
    assert index_steps(run.pk, 1) == 2
    run.refresh_from_db()
    assert not run.searchable
    assert index_steps(run.pk) == 3
    run.refresh_from_db()
    assert run.searchable
    assert indexed(run) == [1, 2, 3, 4, 5]


def test_a_run_that_is_played_waits_for_its_end(team: Team) -> None:
    run = make_run_with_tree(team)
    Run.objects.filter(pk=run.pk).update(status="running")
    assert index_steps(run.pk) == 0
    assert index_a_round() == 0
    assert indexed(run) == []


def test_a_round_takes_the_newest_runs_first_and_leaves_the_rest_to_the_next(team: Team) -> None:
    older, newer = make_run_with_tree(team, [["a"]]), make_run_with_tree(team, [["b"]])
    assert index_a_round(1) == 1
    assert (indexed(older), indexed(newer)) == ([], [1])
    look_after_ended()
    assert indexed(older) == [1]
    assert index_a_round() == 0


def test_a_run_without_steps_and_a_hostile_text_are_indexed_too(team: Team) -> None:
    hostile = "it's \\ 'quoted' \t tab \n line \\N \U0001d538 " + "x" * 5000 + " ".join(map(str, range(30_000)))
    run = make_run_with_tree(team, [[hostile]])
    empty = make_run_with_tree(team, [])
    assert index_a_round() == 1
    assert not Run.objects.filter(pk__in=[run.pk, empty.pk], searchable=False).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_the_words_of_a_run_once_between_them(team: Team) -> None:
    run = make_run_with_tree(team, [["one", "two"]])
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        counts: list[int] = []

        def other() -> None:
            counts.append(index_steps(run.pk))
            connection.close()

        worker = threading.Thread(target=other)
        worker.start()
        worker.join(60)
        assert counts == [0]
    assert index_steps(run.pk) == 2


def test_the_words_of_a_run_go_with_it(team: Team) -> None:
    run = make_run_with_tree(team)
    index_steps(run.pk)
    run.delete()
    assert not StepSearch.objects.exists()
