"""The problem sets that come with the clone, as an empty database is filled with them."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings

from apps.config.first_start import SHIPPED, load_first_data
from apps.problems.models import Problem

FIXTURES = settings.BRANCHWISE.fixtures_dir


@pytest.mark.django_db
def test_an_empty_database_gets_every_shipped_set_in_the_order_of_its_file() -> None:
    load_first_data()
    for shipped in SHIPPED:
        lines = (FIXTURES / "problems" / f"{shipped.slug}.jsonl").read_text(encoding="utf-8").splitlines()
        stored = Problem.objects.filter(problem_set__team__slug="demo", problem_set__slug=shipped.slug)
        assert list(stored.order_by("position").values_list("statement", "answer", "checker")) == [
            (row["statement"], row["answer"], row["checker"]) for row in map(json.loads, lines)
        ]


@pytest.mark.parametrize("model", ["tiny-policy", "tiny-prm"])
def test_no_set_says_that_a_model_saw_it_whose_card_says_it_was_left_out(model: str) -> None:
    card = " ".join((FIXTURES / "models" / model / "README.md").read_text(encoding="utf-8").split())
    [left_out] = re.findall(r"Statements of (.*?) were left out", card)
    for shipped in SHIPPED:
        if f"`{shipped.slug}`" in left_out:
            assert "seen by" not in shipped.description
