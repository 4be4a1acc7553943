"""An imported record is shown as its labeller saw it: every field of every record stands on its page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import labeller_of
from apps.imports.services import import_file
from apps.labels.services import add_label
from apps.runs.models import Run, RunEvent
from tests.imports.records import lines, record
from tests.labels.records import STRANGE, RecordPage, Shown, without_spaces

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SAMPLE: Path = settings.BRANCHWISE.fixtures_dir / "demo" / "prm800k.jsonl"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "prm800k-raw-sample" / "samples_prm800k.jsonl"
RECORDS = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()] + [STRANGE]
SAID = {-1: "Rated bad", 0: "Rated neutral", 1: "Rated good", None: "Not rated"}
# Every field that the walk below looks for; one that a record has besides must stand on the page by name and value.
WALKED = {"text", "rating", "flagged", "completions", "human_completion", "chosen_completion"}


def shown(client: Client, team: Team, raw: dict[str, Any]) -> RecordPage:
    """The page of a raw record, imported by itself."""
    import_file(team, io.BytesIO(lines(raw)), "one.jsonl", format="prm800k")
    run = Run.objects.get(team=team)
    page = client.get(reverse("labelling:record", kwargs={"team": team.slug, "run": run.pk}))
    assert page.status_code == 200
    return RecordPage(page.content.decode())


def is_said(words: str, name: str, value: object) -> bool:
    written = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return name in words and without_spaces(written) in without_spaces(words)


def assert_completion(row: Shown, raw: dict[str, Any], *, own: bool, chosen: bool) -> None:
    assert without_spaces(raw["text"]) in without_spaces(row.text)
    assert row.rated == SAID[raw["rating"]]
    assert ("flagged" in without_spaces(row.text.replace(raw["text"], ""))) == (raw["flagged"] is True)
    assert ("own step" in row.text) == own
    assert ("chosen" in row.text) == chosen
    for name in set(raw) - WALKED:
        assert is_said(row.text, name, raw[name]), name


def assert_level(level: Shown, raw: dict[str, Any]) -> None:
    offered, own = raw["completions"] or [], raw["human_completion"]
    assert len(level.rows) == len(offered) + (own is not None)
    for index, completion in enumerate(offered):
        assert_completion(level.rows[index], completion, own=False, chosen=index == raw["chosen_completion"])
    if own is not None:
        assert_completion(level.rows[-1], own, own=True, chosen=False)
    if len(level.rows) > 1:
        assert f"{len(offered)} offered" in level.text
    assert ("no list" in level.text) == (raw["completions"] is None)
    assert ("empty list" in level.text) == (raw["completions"] == [] and own is None)
    nobody = raw["chosen_completion"] is None and bool(level.rows)
    assert ("None was chosen" in level.text) == nobody
    for name in set(raw) - WALKED:
        assert is_said(level.text, name, raw[name]), name


@pytest.mark.parametrize("raw", RECORDS, ids=[f"record-{place}" for place in range(1, len(RECORDS) + 1)])
def test_every_field_of_a_record_stands_on_its_page(
    client_of: ClientOf, owner: User, team: Team, raw: dict[str, Any]
) -> None:
    page = shown(client_of(owner), team, raw)
    assert len(page.levels) == len(raw["label"]["steps"])
    for level, step in zip(page.levels, raw["label"]["steps"], strict=True):
        assert_level(level, step)
    flat = {**raw, **raw["label"], **raw["question"]}
    for name in set(flat) - {"label", "question", "steps", "problem", "ground_truth_answer", "pre_generated_steps"}:
        assert is_said(page.text, "" if name == "finish_reason" else name, flat[name]), name
    assert without_spaces(raw["question"]["problem"]) in without_spaces(page.text)
    assert (raw["question"]["ground_truth_answer"] or "the record has none") in page.text
    for text in raw["question"].get("pre_generated_steps", []):
        assert without_spaces(text) in without_spaces(page.text)


def test_the_sample_is_the_public_one(team: Team) -> None:
    if not SHARED.exists():
        pytest.skip(f"The public records are not at {SHARED}; their copy in fixtures/demo is what is shown here.")
    assert SAMPLE.read_bytes() == SHARED.read_bytes()


def test_what_an_earlier_import_did_not_keep_is_told_as_far_as_the_tree_goes(
    client_of: ClientOf, owner: User, team: Team
) -> None:
    import_file(team, io.BytesIO(lines(RECORDS[0])), "one.jsonl", format="prm800k")
    run = Run.objects.get(team=team)
    note = RunEvent.objects.get(run=run, kind="note")
    del note.data["data"]["levels"]
    RunEvent.objects.filter(run=run, seq=note.seq).update(data=note.data)
    page = RecordPage(client_of(owner).get(f"/t/demo/labelling/records/{run.pk}/").content.decode())
    assert "imported before lists were kept" in page.text
    for level, step in zip(page.levels, RECORDS[0]["label"]["steps"], strict=True):
        assert_level(level, step)


def test_another_persons_record_has_their_verdicts_and_not_the_files(
    client_of: ClientOf, owner: User, team: Team
) -> None:
    import_file(team, io.BytesIO(lines(record())), "one.jsonl", format="prm800k")
    run, mine = Run.objects.get(team=team), labeller_of(team, owner)
    said = {"number": 2, "verdict": "unsure", "client_uuid": uuid4(), "scores_in_view": False}
    add_label(team=team, labeller=mine, run=run.pk, **said)
    address = f"/t/demo/labelling/records/{run.pk}/"
    [level] = RecordPage(client_of(owner).get(f"{address}?labeller={mine.pk}").content.decode()).levels
    assert [row.rated for row in level.rows] == ["Not rated", "Rated unsure"]
    theirs = Labeller.objects.get(team=team, user=None)
    [level] = RecordPage(client_of(owner).get(f"{address}?labeller={theirs.pk}").content.decode()).levels
    assert [row.rated for row in level.rows] == ["Rated good", "Rated bad"]
    assert client_of(owner).get(f"{address}?labeller=0").status_code == 404
    assert client_of(owner).get(f"{address}?labeller=x").status_code == 400


def test_it_takes_as_many_queries_for_many_steps_as_for_few(client_of: ClientOf, owner: User, team: Team) -> None:
    steps = [
        {"completions": [{"text": f"{n}", "rating": 1, "flagged": None}], "chosen_completion": 0} for n in range(1_000)
    ]
    counts = []
    for count in (10, 1_000):
        raw = record(label={**RECORDS[0]["label"], "steps": steps[:count]})
        import_file(team, io.BytesIO(lines(raw)), f"{count}.jsonl", format="prm800k")
        run = Run.objects.latest("pk")
        client = client_of(owner)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/t/demo/labelling/records/{run.pk}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
