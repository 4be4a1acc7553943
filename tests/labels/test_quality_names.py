"""Imported labellers stand under a name that can be read, which leads to all that is known of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Labeller, Role, Team
from apps.accounts.services import foreign_labeller
from apps.labels.settling import adjudicate
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queue_making import make_labellers
from tests.people import make_member

pytestmark = pytest.mark.django_db

ID = "3f2a9c1d-0b5e-4c6f-8a7d-112233445566"
OTHER = "3f2b0000-0b5e-4c6f-8a7d-112233445566"


@pytest.fixture
def judged(team: Team) -> Run:
    """A step on which two imported people differ, one with a verdict more."""
    run = store_tree(team, [0, 1])
    judge(run, foreign_labeller(team, ID), {1: "good", 2: "good"})
    judge(run, foreign_labeller(team, OTHER), {1: "bad"})
    return run


def page(team: Team, name: str, query: str = "", **where: int) -> str:
    client = Client()
    client.force_login(make_member(team, "reviewer@example.org", Role.REVIEWER))
    answer = client.get(reverse(f"labelling:{name}", kwargs={"team": team.slug, **where}) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def read_from(text: str) -> str:
    """What a reader sees of a page, without its tags and what stands in them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text))


def id_of(name: str) -> int:
    return Labeller.objects.get(name=name).pk


@pytest.mark.parametrize(
    ("name", "called"),
    [
        (ID, "imported 3f2a9c…"),
        ("0123456789abcdef0123456789abcdef", "imported 012345…"),
        ("labeler 7", "imported labeler 7"),
        ("facade", "imported facade"),
        ("ليلى", "imported ليلى"),
    ],
)
def test_an_imported_name_says_that_it_is_one_and_an_id_is_cut(team: Team, name: str, called: str) -> None:
    labeller = foreign_labeller(team, name)
    assert labeller.called == called
    assert str(labeller) == name


def test_a_member_is_called_by_their_name(team: Team) -> None:
    [person] = make_labellers(team, 1)
    assert person.called == str(person.user)


def test_the_matrix_and_the_confusion_show_the_short_name_and_keep_the_whole_at_hand(team: Team, judged: Run) -> None:
    text = page(team, "quality", f"?first={id_of(ID)}&second={id_of(OTHER)}")
    assert "imported 3f2a9c… by imported 3f2b00…" in read_from(text)
    assert ID not in read_from(text)
    assert f'title="{ID}"' in text
    assert reverse("labelling:labeller", kwargs={"team": team.slug, "labeller": id_of(ID)}) in text


def test_a_settled_step_names_whoever_judged_it_and_leads_to_them(team: Team, judged: Run) -> None:
    [senior] = make_labellers(team, 1)
    before = page(team, "settle", run=judged.pk, number=1)
    assert not [shown for shown in ("imported", ID, OTHER, "people/") if shown in before]
    adjudicate(team=team, by=senior, run=judged.pk, number=1, verdict="bad", reason="It is wrong.")
    text = page(team, "settle", run=judged.pk, number=1)
    assert read_from(text).count("imported 3f2a9c…") == 2  # beside the verdict, and in the history
    assert ID not in read_from(text)
    assert text.count(f'title="{ID}"') == 2


def test_the_page_of_an_imported_person_tells_their_whole_name_and_where_they_come_from(
    team: Team, judged: Run
) -> None:
    text = page(team, "labeller", labeller=id_of(ID))
    assert "Labels of imported 3f2a9c…" in read_from(text)
    assert f"Imported under the name {ID}, with labels in sums.jsonl." in read_from(text)
    assert reverse("runs:experiment", kwargs={"team": team.slug, "experiment": judged.experiment_id}) in text


def test_the_page_of_a_member_says_nothing_of_imports(team: Team) -> None:
    [person] = make_labellers(team, 1)
    assert "mported under" not in page(team, "labeller", labeller=person.pk)
