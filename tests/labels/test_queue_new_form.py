"""The form of a new queue: what is in view and what is folded away, when it says that something is wrong, and which
guideline it picks."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.labels.models import Guideline
from apps.labels.queue_filter import READERS as FILTER_READERS
from apps.labels.queue_forms import ASKED, FIELDS, FOLDED
from apps.labels.queue_plan import KNOWN
from tests.factories import make_run_with_tree
from tests.labels.queue_making import make_queue

ClientOf = Callable[[User], Client]
NEW = "/t/demo/labelling/queues/new/"


def page(client: Client, query: str = "") -> str:
    answer = client.get(NEW + query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def open_folds(html: str) -> list[str]:
    """The headings of the folds that stand open."""
    return re.findall(r'<details class="queue-fold" open>\s*<summary>([^<]*?) <', html)


def chosen(html: str) -> str:
    """The value of the guideline that the form has picked."""
    select = html.partition('id="queue-guideline"')[2].partition("</select>")[0]
    return "".join(re.findall(r'value="(\d*)" selected', select))


def written(team: Team, name: str) -> Guideline:
    """A guideline of the team in its first version."""
    made = Guideline.objects.create(team=team, name=name)
    made.versions.create(number=1, text="Judge each step by itself.")
    return made


def test_every_field_is_in_one_part_and_seven_are_in_view() -> None:
    in_view = [name for names in ASKED.values() for name in names]
    folded = [name for *_, names in FOLDED for name in names]
    assert sorted(in_view + folded) == sorted(FIELDS)
    assert sorted(FIELDS) == sorted({*KNOWN, *FILTER_READERS} - {"filter"})
    assert in_view == ["name", "mode", "unit", "guideline", "experiments", "order", "wanted"]


def test_an_untouched_form_says_nothing_is_wrong_and_folds_the_rest(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    make_run_with_tree(team)
    for query in ("", "?name=&mode=every-step&unit=solution&order=random&access=open&guideline="):
        html = page(client_of(owner), query)
        assert "2 solutions of 1 problem" in html
        for fault in ("Still to settle", "found none", "field-error", "aria-invalid"):
            assert fault not in html
        assert open_folds(html) == []


def test_a_team_without_runs_is_told_so_and_not_that_it_did_something_wrong(client_of: ClientOf, owner: User) -> None:
    html = page(client_of(owner))
    assert "Nothing to judge yet" in html
    assert "Still to settle" not in html
    assert "Widen what narrows them" in page(client_of(owner), "?outcome=wrong")


def test_a_name_is_missed_at_the_attempt_beside_its_field(client_of: ClientOf, team: Team, owner: User) -> None:
    make_run_with_tree(team)
    answer = client_of(owner).post(NEW, {"name": " ", "mode": "every-step"})
    html = unescape(answer.content.decode())
    assert answer.status_code == 400
    assert '<a href="#queue-name">Name</a>' in html
    assert 'id="queue-name_error" dir="auto">Expected a name' in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?difficulty_min=2", ["Narrow the runs"]),
        ("?first=many", ["Narrow the steps"]),
        ("?access=assigned&seed=4&currency=EUR", ["Who labels", "Money"]),
        ("?gold_share=0.1&prelabel_bad=0.2", ["Gold and screening", "Proposed verdicts"]),
    ],
)
def test_a_fold_is_open_where_a_field_in_it_says_something(
    client_of: ClientOf, owner: User, query: str, expected: list[str]
) -> None:
    assert open_folds(page(client_of(owner), query)) == expected


def test_a_fold_is_open_where_a_field_left_empty_has_an_error(client_of: ClientOf, team: Team, owner: User) -> None:
    make_run_with_tree(team)
    answer = client_of(owner).post(NEW, {"name": "Wrong ones", "order": "convincing-wrong"})
    html = unescape(answer.content.decode())
    assert open_folds(html) == ["Scores"]
    assert '<a href="#queue-scorer">Scorer</a>' in html


def test_the_only_guideline_is_picked_by_itself(client_of: ClientOf, team: Team, owner: User) -> None:
    client = client_of(owner)
    assert (chosen(page(client)), "written none yet" in page(client)) == ("", True)
    only = written(team, "How to judge")
    Guideline.objects.create(team=team, name="Not written yet")
    assert chosen(page(client)) == str(only.pk)
    assert "picked by itself" in page(client)
    assert chosen(page(client, "?mode=every-step&guideline=")) == ""
    kept = client.get(NEW + "?mode=every-step&guideline=")["HX-Replace-Url"]
    assert kept.endswith("?mode=every-step&guideline=")


def test_of_several_guidelines_the_one_that_queues_took_last_is_picked(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    client, first = client_of(owner), written(team, "Algebra")
    written(team, "Geometry")
    assert chosen(page(client)) == ""
    assert "None is picked" in page(client)
    make_queue(team, guideline=first)
    make_queue(team)
    assert chosen(page(client)) == str(first.pk)
    assert "took last" in page(client)
