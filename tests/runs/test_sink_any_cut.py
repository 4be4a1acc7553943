"""However a log is cut into batches, and whatever of it comes twice, the rows and counts are the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.runs.sink import RunSink
from tests.runs.logs import claimed_run, counts_of, log, rows_of
from workers.search.events import Event

pytestmark = pytest.mark.django_db
LOG = log()


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Event]]:
    """The log in batches, each of which may begin with events that were in batches before it."""
    cuts = sorted(draw(st.sets(st.integers(1, len(LOG) - 1))))
    batches = []
    for start, end in zip([0, *cuts], [*cuts, len(LOG)], strict=True):
        batches.append(LOG[draw(st.integers(0, start)) : end])
    return batches


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=deliveries(), new_sink=st.booleans(), flushed=st.booleans())
def test_any_cut_with_repeats_gives_the_same_rows(batches: list[list[Event]], new_sink: bool, flushed: bool) -> None:
    whole, cut = claimed_run(), claimed_run()
    RunSink(whole.run_id, whole.attempt, whole.owner).take(LOG)
    sink = RunSink(cut.run_id, cut.attempt, cut.owner)
    for batch in batches:
        sink.take(batch)
        if flushed or new_sink:
            sink.flush()
        if new_sink:
            sink = RunSink(cut.run_id, cut.attempt, cut.owner)
    assert rows_of(cut.run_id) == rows_of(whole.run_id)
    assert counts_of(cut.run_id) == counts_of(whole.run_id)
