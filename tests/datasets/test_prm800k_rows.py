"""The rows of an imported PRM800K file are what its ratings say, worked out here from the file itself."""

from __future__ import annotations

import json
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


def judged_paths(record: dict[str, Any]) -> tuple[set[Judged], set[Judged]]:
    """Every rated completion at the prefix it was written for, as far as all before it are rated; and the prefix of
    the chosen branch where that goes on with something unrated, and with ratings below it."""
    paths: set[Judged] = set()
    prefix: Judged = ()
    steps = record["label"]["steps"]
    for at, step in enumerate(steps):
        completions = step["completions"] or []
        rated = [one for one in completions if one["rating"] is not None]
        paths |= {(*prefix, (one["text"], one["rating"])) for one in rated}
        chosen = step["chosen_completion"]
        # What a person wrote themselves has no rating: nothing after it follows from rated steps alone.
        if chosen is None or completions[chosen]["rating"] is None:
            goes_on = any(one["rating"] is not None for later in steps[at + 1 :] for one in later["completions"] or [])
            return paths, {prefix} if goes_on and prefix else set()
        prefix = (*prefix, (completions[chosen]["text"], completions[chosen]["rating"]))
    return paths, set()


def expected_rows(records: list[dict[str, Any]]) -> set[tuple[str, Judged]]:
    """(problem, path) of every longest path, and of chosen branches that were judged beyond a step without rating."""
    expected: set[tuple[str, Judged]] = set()
    for record in records:
        paths, cut = judged_paths(record)
        longest = paths - {path[:-1] for path in paths}
        expected |= {(record["question"]["problem"], path) for path in longest | cut}
    return expected


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
