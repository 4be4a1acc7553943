"""Continuations: the new run holds the old one's events up to a whole move and goes on with another seed or engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.accounts.models import Team
from apps.runs.fork_rows import copy_log
from apps.runs.forks import continue_run
from apps.runs.log import read_log
from apps.runs.models import Experiment, Run
from apps.runs.sink import RunSink
from tests.runs.forking import played, replayed
from tests.runs.logs import TRACE, claimed_run, counts_of, log, rows_of
from workers.search.events import Event, RunContinued, RunFailed, StepAdded, StepRevisited
from workers.search.log import whole_moves

pytestmark = pytest.mark.django_db


def middle(run: Run) -> int:
    """The seq at which a move in the middle of the run ends."""
    log = read_log(run.pk)
    return whole_moves(log, len(log) // 2)[-1].seq


def moves(log: list[Event]) -> list[Event]:
    """What the moves of a log left, as if it had been played without a break."""
    kept = [event for event in log if event.move]
    return [replace(event, seq=place, at=0.0) for place, event in enumerate(kept)]


def test_every_cut_is_the_last_whole_move_and_never_the_end(team: Team) -> None:
    parent = played(team)
    log = read_log(parent.pk)
    first = next(event.seq for event in log if event.move > 1) - 1
    end = next(event.seq for event in log if event.move == log[-1].move) - 1
    for seq in range(first, len(log) + 1):
        fork = continue_run(parent, seq, seed=1, hint=False)
        assert fork.parent_seq == min(whole_moves(log, seq)[-1].seq, end)


def test_it_holds_the_events_and_all_rows_made_of_them(team: Team) -> None:
    parent = played(team)
    cut = middle(parent)
    fork = continue_run(parent, cut, seed=11, hint=False)
    log, copied = read_log(parent.pk), read_log(fork.pk)
    assert copied[:-1] == log[:cut]
    turn = copied[-1]
    assert isinstance(turn, RunContinued)
    assert (turn.seq, turn.seed, turn.source, turn.source_seq) == (cut + 1, fork.seed, str(parent.pk), cut)
    # What a sink would have made of these events is what is there.
    twin = Run.objects.create(team=team, experiment=fork.experiment, problem=fork.problem, status="running", attempt=1)
    RunSink(twin.pk, 1, "").take(copied)
    assert rows_of(fork.pk) == rows_of(twin.pk)
    assert {**counts_of(fork.pk), "status": "running"} == counts_of(twin.pk)


def test_visits_and_alternatives_are_copied_up_to_the_cut() -> None:
    trace = replace(TRACE, alternatives=((("a", -0.5), ("b", -1.0)),) * 3)
    begun = [replace(event, trace=trace) if event.seq == 2 else event for event in log()[:12]]  # type: ignore[call-arg]
    begun += [StepRevisited(13, 13.5, 3, 0.5, (0.25, 0.5, 0.5)), StepRevisited(14, 13.5, 0, 1.0)]
    parent, fork, twin = claimed_run(), claimed_run(), claimed_run()
    for claim, events in ((parent, begun), (twin, begun[:13])):
        with RunSink(claim.run_id, claim.attempt, claim.owner) as sink:
            sink.take(events)
    copy_log(parent.run_id, fork.run_id, 13)
    assert rows_of(fork.run_id) == rows_of(twin.run_id)
    assert len(rows_of(fork.run_id)["visits"]) == 1


def test_it_goes_on_with_another_seed(team: Team) -> None:
    parent = played(team)
    fork = replayed(continue_run(parent, middle(parent), seed=11, hint=False))
    assert (fork.status, fork.failure) == ("finished", "")
    assert fork.seed != parent.seed
    log, whole = read_log(fork.pk), read_log(parent.pk)
    assert log[: fork.parent_seq] == whole[: fork.parent_seq]
    later = [event.text for event in log[fork.parent_seq :] if isinstance(event, StepAdded)]
    assert later
    assert later != [event.text for event in whole[fork.parent_seq :] if isinstance(event, StepAdded)]
    experiment, was = fork.experiment, parent.experiment
    assert (experiment.kind, experiment.name) == ("fork", f"Run {parent.pk} continued from event {fork.parent_seq}")
    assert (experiment.strategy, experiment.parameters) == (was.strategy, was.parameters)
    assert (experiment.scorer, experiment.seed, fork.problem) == ("scripted", 11, parent.problem)


def test_a_run_that_failed_goes_on_as_if_it_had_not(team: Team) -> None:
    whole = played(team)
    log = read_log(whole.pk)
    cut = middle(whole)
    broken = Run.objects.create(
        team=team, experiment=whole.experiment, problem=whole.problem, seed=whole.seed, status="running", attempt=1
    )
    failed = RunFailed(cut + 1, log[cut - 1].at, "The server is gone.", retryable=True, move=log[cut].move)
    RunSink(broken.pk, 1, "").take([*log[:cut], failed])
    broken.refresh_from_db()
    fork = replayed(continue_run(broken, broken.seq, hint=False))
    assert (fork.status, fork.seed, fork.parent_seq) == ("finished", whole.seed, cut)
    assert moves(read_log(fork.pk)) == moves(log)


def test_a_run_that_is_being_played_can_be_continued_from_what_is_stored(team: Team) -> None:
    whole = played(team)
    log, cut = read_log(whole.pk), middle(whole)
    running = Run.objects.create(
        team=team, experiment=whole.experiment, problem=whole.problem, seed=whole.seed, status="running", attempt=1
    )
    RunSink(running.pk, 1, "").take(log[:cut])
    running.refresh_from_db()
    fork = replayed(continue_run(running, cut, hint=False))
    assert moves(read_log(fork.pk)) == moves(log)
    running.refresh_from_db()
    assert (running.status, running.seq) == ("running", cut)


def test_a_continuation_is_continued_in_turn(team: Team) -> None:
    parent = played(team)
    first = replayed(continue_run(parent, middle(parent), seed=11, hint=False))
    cut = first.seq
    second = replayed(continue_run(first, cut, seed=12, hint=False))
    assert second.status == "finished"
    log = read_log(second.pk)
    assert [event.seed for event in log if isinstance(event, RunContinued)] == [first.seed, second.seed]
    assert second.parent_seq is not None
    assert log[: second.parent_seq] == read_log(first.pk)[: second.parent_seq]


def test_the_child_plays_though_its_parent_is_deleted(team: Team) -> None:
    parent = played(team)
    cut, parent_id = middle(parent), parent.pk
    kept, orphan = (continue_run(parent, cut, seed=11, hint=False) for _ in range(2))
    kept = replayed(kept)
    Experiment.objects.get(pk=parent.experiment_id).delete()
    orphan = replayed(orphan)
    assert (orphan.status, orphan.parent_run, orphan.parent_seq) == ("finished", None, cut)
    assert orphan.source == str(parent_id)
    assert moves(read_log(orphan.pk)) == moves(read_log(kept.pk))
