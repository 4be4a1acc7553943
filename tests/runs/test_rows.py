"""Events to rows and back: what is written can be read, and what cannot be stored truly is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from apps.runs.models import Answer, Run, RunEvent, Score, Step, StepText, StepTokens, Visit
from apps.runs.rows import RowEncoder
from apps.runs.settled import settled
from apps.runs.sink import RunSink
from tests.runs.logs import ENGINE, SCORER, TEXT, TRACE, claimed_run, counts_of, log
from workers.search.events import Event, Note, RunFailed, StepAdded, StepRevisited, StepScored

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    return stored(log())


def stored(events: list[Event]) -> Run:
    claim = claimed_run()
    with RunSink(claim.run_id, claim.attempt, claim.owner) as sink:
        sink.take(events)
    return Run.objects.get(pk=claim.run_id)


def test_it_keeps_every_field_of_a_step(run: Run) -> None:
    step = Step.objects.select_related("maker").get(run=run, number=1)
    assert (step.parent, step.depth, step.origin, step.terminal) == (0, 1, "generated", False)
    assert (step.tokens, step.logprob, step.entropy) == (3, -1.5, 0.25)
    assert (step.born, step.pruned, step.chosen) == (2, 10, None)
    assert (step.maker.kind, step.maker.key, step.maker.version) == ("engine", "scripted", "1")


def test_it_keeps_texts_character_for_character(run: Run) -> None:
    assert StepText.objects.get(run=run, number=1).text == TEXT
    assert StepText.objects.get(run=run, number=2).text == ""


def test_it_packs_tokens_as_little_endian_arrays(run: Run) -> None:
    row = StepTokens.objects.get(run=run)
    assert np.frombuffer(row.ids, "<u4").tolist() == list(TRACE.ids)
    assert np.frombuffer(row.lengths, "<u2").tolist() == list(TRACE.lengths)
    assert np.frombuffer(row.entropy, "<f2").tolist() == list(TRACE.entropies)


def test_it_cuts_what_a_16_bit_float_cannot_hold_to_its_range(run: Run) -> None:
    row = StepTokens.objects.get(run=run)
    assert np.frombuffer(row.logprob, "<f2").tolist() == [-0.5, -65504.0, 0.0]


def test_it_keeps_scores_answers_and_choices_with_their_seq(run: Run) -> None:
    scores = Score.objects.filter(run=run).order_by("seq").values_list("seq", "number", "value", "maker__key")
    assert scores[0] == (6, 1, 0.25, "scripted")
    assert len(scores) == 4
    answer = Answer.objects.get(run=run)
    assert (answer.number, answer.text, answer.class_key, answer.correct) == (3, "24", "24", True)
    assert Step.objects.get(run=run, number=3).chosen == 13


def test_it_logs_every_event_with_its_fields_and_time(run: Run) -> None:
    events = {event.seq: event for event in RunEvent.objects.filter(run=run)}
    assert [events[seq].kind for seq in sorted(events)] == [event.kind for event in log()]
    assert events[1].at == datetime.fromtimestamp(10.5, UTC)
    assert events[1].data["parameters"] == {"n": 2}
    assert events[2].data["computed"] == 20
    assert events[10].data == {"number": 1, "why": "0.25 is under\n0.5"}
    assert events[11].data == {"text": "kept", "data": {"rank": [1, None, "\\"]}}
    assert events[14].data == {"outcome": "answered"}


def test_it_leaves_fields_at_their_default_and_texts_out_of_the_log(run: Run) -> None:
    data = RunEvent.objects.get(run=run, seq=3).data
    assert set(data) == {"number", "parent", "depth", "origin", "maker"}


def test_it_counts_what_the_events_say(run: Run) -> None:
    counts = counts_of(run.pk)
    assert (counts["seq"], counts["step_count"], counts["answer_count"], counts["right_count"]) == (14, 3, 1, 1)
    assert (counts["tokens_generated"], counts["tokens_computed"], counts["scorer_tokens"]) == (8, 26, 71)
    assert (counts["status"], counts["outcome"], counts["chosen"]) == ("finished", "answered", 3)


def test_the_chosen_and_the_best_score_are_the_playing_scorers(run: Run) -> None:
    assert (run.chosen_score, run.best_score, run.correct) == (0.75, 0.75, True)


def test_a_scorer_that_goes_on_with_other_libraries_is_still_the_playing_one() -> None:
    elsewhere = replace(SCORER, arguments='{"device":"cuda"}')
    events = [replace(event, maker=elsewhere) if event.seq == 8 else event for event in log()]  # type: ignore[call-arg]
    run = stored(events)
    assert (run.chosen_score, run.best_score) == (0.75, 0.75)
    assert settled(events) == (0.75, 0.75, True)


def test_a_run_without_a_choice_is_neither_right_nor_wrong() -> None:
    events = [event for event in log() if event.kind != "answer-chosen"]
    run = stored([replace(event, seq=seq) for seq, event in enumerate(events, start=1)])
    assert (run.chosen, run.correct, run.chosen_score, run.best_score) == (None, None, None, 0.75)


def test_a_failed_run_says_why() -> None:
    run = stored([*log()[:-1], RunFailed(14, 15.0, "The model is gone\0.", retryable=True)])
    assert (run.status, run.failure, run.outcome) == ("failed", "The model is gone\ufffd.", "")


def test_what_postgresql_cannot_hold_is_replaced_one_for_one() -> None:
    step = StepAdded(2, 1.0, 1, 0, 1, "a\0b\ud800c", "generated", ENGINE)
    run = stored([log()[0], step, Note(3, 1.0, "n\0", {"k\0": ["\ud800", "\\u0000"]})])
    assert StepText.objects.get(run=run).text == "a\ufffdb?c"
    assert RunEvent.objects.get(run=run, seq=3).data == {"text": "n\ufffd", "data": {"k\ufffd": ["?", "\\u0000"]}}


def test_it_keeps_a_visit_with_what_the_branch_is_credited_with() -> None:
    visits = [StepRevisited(15, 15.0, 3, 1.5, (0.1, 1.0, 1.5)), StepRevisited(16, 15.0, 0, -2.0)]
    run = stored([*log()[:-1], *(replace(visit, seq=visit.seq - 1) for visit in visits)])
    one, other = Visit.objects.filter(run=run).order_by("seq")
    assert (one.seq, one.number, one.value, np.frombuffer(one.returns, "<f8").tolist()) == (14, 3, 1.5, [0.1, 1.0, 1.5])
    assert (other.seq, other.number, other.value, other.returns) == (15, 0, -2.0, None)
    assert RunEvent.objects.get(run=run, seq=14).data == {"number": 3, "value": 1.5, "returns": [0.1, 1.0, 1.5]}
    assert RunEvent.objects.get(run=run, seq=15).data == {"number": 0, "value": -2.0}


def test_it_keeps_the_alternatives_of_tokens_where_there_are_any() -> None:
    places = ((("\t\\\0", -0.25), ("", -2.5)), (), (("é", -1e-9),))
    trace = replace(TRACE, alternatives=places)
    step = StepAdded(2, 1.0, 1, 0, 1, TEXT, "generated", ENGINE, trace=trace)
    run = stored([log()[0], step, StepAdded(3, 1.0, 2, 0, 1, TEXT, "generated", ENGINE, trace=TRACE)])
    one, other = StepTokens.objects.filter(run=run).order_by("number")
    assert one.alternatives == [[["\t\\\ufffd", -0.25], ["", -2.5]], [], [["é", -1e-9]]]
    assert other.alternatives is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_it_refuses_a_return_and_an_alternative_that_are_not_finite(value: float) -> None:
    encoder = RowEncoder(lambda maker: 1)
    with pytest.raises(ValueError, match="Expected a finite return; found"):
        encoder.add(1, [StepRevisited(1, 0.0, 1, 0.5, (0.5, value))])
    step = StepAdded(1, 0.0, 1, 0, 1, TEXT, "generated", ENGINE, trace=replace(TRACE, alternatives=((("a", value),),)))
    with pytest.raises(ValueError, match="Expected a finite log-probability of an alternative; found"):
        encoder.add(1, [step])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_it_refuses_a_score_that_is_not_finite(value: float) -> None:
    with pytest.raises(ValueError, match="Expected a finite score; found"):
        RowEncoder(lambda maker: 1).add(1, [StepScored(1, 0.0, 1, SCORER, value)])


def test_it_refuses_a_gap_in_seq() -> None:
    with pytest.raises(ValueError, match="Run 5: expected the event with seq 2; found 3"):
        RowEncoder(lambda maker: 1).add(5, [log()[0], log()[2]])
