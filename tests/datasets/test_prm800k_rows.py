"""The rows of an imported PRM800K file are what its ratings say, worked out here from the file itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.accounts.models import Team
from apps.datasets.services import export_to_path
from apps.imports.services import import_file
from tests.datasets.stored_trees import freeze_here

SAMPLE: Path = settings.BRANCHWISE.fixtures_dir / "demo" / "prm800k.jsonl"

Judged = tuple[tuple[str, int], ...]


def judged_paths(record: dict[str, Any]) -> Iterator[Judged]:
    """Every rated completion at the prefix it was written for, as far as all before it are rated."""
    prefix: Judged = ()
    for step in record["label"]["steps"]:
        completions = step["completions"] or []
        for completion in completions:
            if completion["rating"] is not None:
                yield (*prefix, (completion["text"], completion["rating"]))
        chosen = step["chosen_completion"]
        # What a person wrote themselves has no rating: nothing after it follows from rated steps alone.
        if chosen is None or completions[chosen]["rating"] is None:
            return
        prefix = (*prefix, (completions[chosen]["text"], completions[chosen]["rating"]))


def expected_rows(records: list[dict[str, Any]]) -> set[tuple[str, Judged]]:
    """(problem, path) of every longest path."""
    paths = {(record["question"]["problem"], path) for record in records for path in judged_paths(record)}
    begun = {(problem, path[:-1]) for problem, path in paths}
    return paths - begun


@pytest.mark.parametrize("neutral", ["good", "bad"])
def test_the_rows_of_the_sample_are_what_its_ratings_say(team: Team, tmp_path: Path, neutral: str) -> None:
    assert import_file(team, SAMPLE, SAMPLE.name).labels == 73
    export_to_path(freeze_here(team), "stepwise", {"neutral": neutral}, tmp_path / "rows.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [(row["prompt"], tuple(zip(row["completions"], row["ratings"], strict=True))) for row in rows]
    expected = expected_rows([json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()])
    assert len(found) == len(set(found))
    assert set(found) == expected
    for row in rows:
        assert row["labels"] == [rating == 1 or (rating == 0 and neutral == "good") for rating in row["ratings"]]
