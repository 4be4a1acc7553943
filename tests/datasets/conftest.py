"""A team whose trees two people have judged, and a data folder of each test's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import labeller_of
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """Where this test's snapshots and exports stand."""
    settings.BRANCHWISE = replace(settings.BRANCHWISE, data_dir=tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def ada(team: Team, owner: User) -> Labeller:
    """The owner as a labeller."""
    return labeller_of(team, owner)


@pytest.fixture
def ben(team: Team, colleague: User) -> Labeller:
    """The colleague as a labeller."""
    return labeller_of(team, colleague)


@pytest.fixture
def judged(team: Team, ada: Labeller, ben: Labeller) -> Run:
    """A run of five steps: 1, 2, 4 on a branch, 3 an alternative to 2, 5 below it; 4 is disputed, 5 is not labelled."""
    run = store_tree(team, [0, 1, 1, 2, 3], texts={1: "Wir addieren: $2 + 3$. ✓"})
    judge(run, ada, {1: "good", 2: "neutral", 3: "bad", 4: "good"})
    judge(run, ben, {4: "unsure"})
    return run
