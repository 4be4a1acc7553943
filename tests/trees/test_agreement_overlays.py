"""The tree can be coloured by how far people agree on each step, and by how many they are, where two or more are."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.accounts.services import foreign_labeller
from apps.labels.services import add_label
from apps.trees.columns import read_columns
from apps.trees.overlays import overlay_document, overlays_of
from tests.factories import make_run_with_tree
from tests.people import make_team

pytestmark = pytest.mark.django_db
SAID = {1: ("good", "good", "bad"), 2: ("good", "bad"), 3: ("good",)}


def test_agreement_is_the_share_of_like_pairs_of_what_people_say_now() -> None:
    team = make_team("here")
    run = make_run_with_tree(team)
    people = [foreign_labeller(team, name) for name in ("one", "two", "three")]

    def say(person: int, number: int, verdict: str) -> None:
        given = {"client_uuid": uuid4(), "scores_in_view": False}
        add_label(team=team, labeller=people[person], run=run.pk, number=number, verdict=verdict, **given)

    say(0, 1, "bad")  # and then thinks better of it
    for number, verdicts in SAID.items():
        for person, verdict in enumerate(verdicts):
            say(person, number, verdict)
    assert {entry["key"]: entry["count"] for entry in overlays_of(run)}["agreement"] == 2
    found = {}
    for key in ("agreement", "labellers"):
        document = overlay_document(run, key, 0)
        assert document is not None
        _, columns = read_columns(document.body)
        found[key] = dict(zip(columns["number"].tolist(), columns["value"].tolist(), strict=True))
    assert found["agreement"] == {1: pytest.approx(1 / 3), 2: 0.0}
    assert found["labellers"] == {1: 3.0, 2: 2.0}


def test_a_tree_that_one_person_judged_offers_no_agreement() -> None:
    run = make_run_with_tree(make_team("here"))
    assert "agreement" not in {entry["key"] for entry in overlays_of(run)}
