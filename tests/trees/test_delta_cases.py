"""The documents that tests/js lays over one another are those the server writes; the file says how to write it anew."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from apps.runs.models import Run
from apps.runs.sink import RunSink
from apps.trees.columns import write_columns
from apps.trees.selectors import Skeleton, delta, skeleton
from tests.runs.logs import claimed_run, log

pytestmark = pytest.mark.django_db
CASES = Path(__file__).resolve().parents[1] / "js" / "delta_cases.json"
ANEW = "WRITE_DELTA_CASES"


def written(run: Run, tree: Skeleton, **facts: int) -> str:
    """A document as the API sends it, but for the run's id and its scorer."""
    known = {"run": 1, "seq": run.seq, "chosen": run.chosen, "scorer": None, "status": run.status}
    return base64.b64encode(write_columns(tree.columns, {**known, **facts}).body).decode()


def cases() -> dict[str, object]:
    """The whole tree after every event of a log, and from each of these what changed until the end."""
    claim = claimed_run()
    sink, wholes = RunSink(claim.run_id, claim.attempt, claim.owner), []
    for event in log():
        sink.take([event])
        sink.flush()
        run = Run.objects.get(pk=claim.run_id)
        wholes.append(written(run, skeleton(run)))
    changes = [written(run, delta(run, after), after=after) for after in range(1, len(wholes) + 1)]
    return {"anew": f"{ANEW}=1 .venv/bin/pytest tests/trees/test_delta_cases.py", "wholes": wholes, "changes": changes}


def test_the_cases_of_the_scripts_are_what_the_server_writes() -> None:
    found = json.dumps(cases(), indent=1) + "\n"
    if os.environ.get(ANEW):
        CASES.write_text(found)
    assert CASES.read_text() == found
