"""What labels cost, against a small table computed by hand, on the page and as a file that no spreadsheet runs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.cost import Cost, costs_of, total_of
from apps.labels.models import Assignment, Label, LabelQueue, LabelTask, QueueMember
from tests.datasets.stored_trees import store_tree
from tests.labels.queue_making import make_labellers, make_queue
from tests.people import make_member

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]
Said = Sequence[tuple[int, str, float | None]]
"""Step, verdict (empty takes it back) and the seconds it took."""

HEADER = (
    "queue,queue_name,person,person_name,submitted,skipped,judged,seconds,a_step,a_solution,untimed,unknown,rate,"
    "money,currency"
)


def turn(queue: LabelQueue, person: Labeller, said: Said, seconds: float = 0.0, state: str = "submitted") -> None:
    """A turn at a task of its own, with what was said in it; seconds: what the page measured in all."""
    run = store_tree(queue.team, [0, 1, 2])
    task = LabelTask.objects.create(queue=queue, run=run, number=3, position=queue.tasks.count(), wanted=1)
    now = timezone.now()
    given = {"state": state, "seconds": seconds, "lease_until": now}
    assignment = Assignment.objects.create(task=task, labeller=person, **given)
    for number, verdict, took in said:
        row = {"team": queue.team, "run": run, "number": number, "verdict": verdict, "seconds": took}
        Label.objects.create(labeller=person, client_uuid=uuid4(), assignment=assignment, created_at=now, **row)


@pytest.fixture
def people_of_two_queues(team: Team) -> list[Labeller]:
    """Ann, at her own rate in the first queue and at none in the second; Ben, at the first queue's and at his own in
    the second."""
    users = [make_member(team, f"{name}@example.org", Role.ANNOTATOR) for name in ("ann", "ben")]
    ann, ben = (labeller_of(team, user) for user in users)
    sums = make_queue(team, name="Sums", hourly_rate=Decimal("30.00"), currency="EUR")
    proofs = make_queue(team, name="Proofs", currency="USD")
    QueueMember.objects.create(queue=sums, user=users[0], hourly_rate=Decimal("45.00"))
    QueueMember.objects.create(queue=sums, user=users[1])
    QueueMember.objects.create(queue=proofs, user=users[1], hourly_rate=Decimal("10.00"))
    # The page measured 120 s, whatever the labels say; one of three steps was judged twice.
    turn(sums, ann, [(1, "good", 1.0), (2, "good", 1.0), (3, "good", 1.0), (3, "bad", 1.0)], seconds=120)
    turn(sums, ann, [(1, "good", 20.0), (2, "bad", 40.0)])  # of no page: 60 s, the sum of its labels
    turn(sums, ann, [], seconds=30, state="skipped")
    turn(sums, ann, [(1, "good", None)])  # no time is known
    turn(sums, ben, [(1, "good", 10.0), (1, "", 5.0)], state="open")  # taking back took time as well
    turn(proofs, ann, [(1, "good", None)], seconds=40)
    turn(proofs, ben, [(1, "good", 7.0), (2, "good", 7.0)], seconds=360)
    return [ann, ben]


def told(cost: Cost) -> dict[str, Any]:
    names = ("submitted", "skipped", "judged", "seconds", "a_step", "a_solution", "untimed", "unknown", "rate", "money")
    return {name: getattr(cost, name) for name in names}


def row(*values: Any) -> dict[str, Any]:
    names = ("submitted", "skipped", "judged", "seconds", "a_step", "a_solution", "untimed", "unknown", "rate", "money")
    return dict(zip(names, values, strict=True))


def test_every_figure_of_every_queue_and_person_is_what_it_is_by_hand(
    team: Team, people_of_two_queues: list[Labeller]
) -> None:
    ann, ben = (person.pk for person in people_of_two_queues)
    found = {(one.queue_name, one.person): told(one) for one in costs_of(team)}
    assert found == {
        # 120 + 60 + 30 s; over 3 + 2 steps with a time, and 180 s over two turns; 210 s at 45 are 2.625
        ("Sums", ann): row(3, 1, 6, 210.0, 42.0, 90.0, 1, 1, Decimal(45), Decimal("2.63")),
        # an open turn has a time, and no solution; 15 s at 30 are 0.125
        ("Sums", ben): row(0, 0, 1, 15.0, 15.0, None, 0, 0, Decimal(30), Decimal("0.13")),
        ("Proofs", ann): row(1, 0, 1, 40.0, 40.0, 40.0, 0, 1, None, None),
        ("Proofs", ben): row(1, 0, 2, 360.0, 180.0, 360.0, 0, 0, Decimal(10), Decimal("1.00")),
    }


def test_the_total_adds_up_times_and_steps_and_each_currency_for_itself(
    team: Team, people_of_two_queues: list[Labeller]
) -> None:
    total = total_of(costs_of(team))
    assert (total.submitted, total.skipped, total.judged, total.untimed, total.unknown) == (5, 1, 10, 1, 2)
    assert total.seconds == 625.0
    assert total.a_step == 625.0 / 9  # steps of turns with a time
    assert total.a_solution == 580.0 / 4  # 180 + 40 + 360 s
    assert total.money == [("EUR", Decimal("2.76")), ("USD", Decimal("1.00"))]
    assert total.without_rate == 40.0


def test_one_queue_is_counted_alone(team: Team, people_of_two_queues: list[Labeller]) -> None:
    proofs = LabelQueue.objects.get(name="Proofs")
    assert {one.queue_name for one in costs_of(team, proofs.pk)} == {"Proofs"}
    assert total_of(costs_of(team, proofs.pk)).seconds == 400.0


def test_where_no_time_is_known_there_is_no_time_a_step_and_no_money_is_made_up(team: Team) -> None:
    [person] = make_labellers(team, 1)
    turn(make_queue(team, hourly_rate=Decimal(30), currency="EUR"), person, [(1, "good", None)])
    [found] = costs_of(team)
    assert told(found) == row(1, 0, 1, 0.0, None, None, 1, 1, Decimal(30), Decimal("0.00"))
    total = total_of([found])
    assert (total.a_step, total.a_solution, total.untimed) == (None, None, 1)


def test_nothing_costs_nothing() -> None:
    total = total_of([])
    assert (total.seconds, total.a_step, total.a_solution, total.money, total.without_rate) == (0, None, None, [], 0)


def test_the_page_shows_time_and_money_of_each_and_in_all(
    client_of: ClientOf, owner: User, team: Team, people_of_two_queues: list[Labeller]
) -> None:
    text = client_of(owner).get(reverse("labelling:cost", kwargs={"team": team.slug})).content.decode()
    for shown in ("2.76 EUR", "1.00 USD", "2.63 EUR", "0.13 EUR", "42.0 s", "1.5 min", "40.0 s have no rate"):
        assert shown in text


def test_who_was_imported_is_short_on_the_page_and_whole_in_the_file(
    client_of: ClientOf, owner: User, team: Team
) -> None:
    name = "3f2a9c1d-0b5e-4c6f-8a7d-112233445566"
    turn(make_queue(team), foreign_labeller(team, name), [(1, "good", 4.0)])
    page, file = (
        client_of(owner).get(reverse(f"labelling:{kind}", kwargs={"team": team.slug})).content.decode()
        for kind in ("cost", "cost_file")
    )
    assert f'title="{name}"><bdi>imported 3f2a9c…</bdi>' in page
    assert f",{name},1,0,1,4.0," in file


def test_the_file_has_a_line_for_each_queue_and_person_the_newest_queue_first(
    client_of: ClientOf, owner: User, team: Team, people_of_two_queues: list[Labeller]
) -> None:
    ann, ben = (person.pk for person in people_of_two_queues)
    sums, proofs = (LabelQueue.objects.get(name=name).pk for name in ("Sums", "Proofs"))
    answer = client_of(owner).get(reverse("labelling:cost_file", kwargs={"team": team.slug}))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="demo-labelling-cost.csv"'
    assert answer.content.decode().split("\r\n") == [
        HEADER,
        f"{proofs},Proofs,{ann},ann,1,0,1,40.0,40.0,40.0,0,1,,,USD",
        f"{proofs},Proofs,{ben},ben,1,0,2,360.0,180.0,360.0,0,0,10.00,1.00,USD",
        f"{sums},Sums,{ann},ann,3,1,6,210.0,42.0,90.0,1,1,45.00,2.63,EUR",
        f"{sums},Sums,{ben},ben,0,0,1,15.0,15.0,,0,0,30.00,0.13,EUR",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ('Round "two", easy\nand short', 'Round "two", easy\nand short'),
        ("a=b", "a=b"),
        ("جولة ١", "جولة ١"),
    ],
)
def test_a_name_is_one_cell_and_never_a_formula(
    client_of: ClientOf, owner: User, team: Team, name: str, cell: str
) -> None:
    named = make_member(team, "named@example.org", Role.ANNOTATOR)
    User.objects.filter(pk=named.pk).update(name=name)
    turn(make_queue(team, name=name), labeller_of(team, named), [(1, "good", 4.0)])
    answer = client_of(owner).get(reverse("labelling:cost_file", kwargs={"team": team.slug}))
    header, line = csv.reader(StringIO(answer.content.decode(), newline=""))
    found = dict(zip(header, line, strict=True))
    assert (found["queue_name"], found["person_name"]) == (cell, cell)
    assert (found["a_step"], found["money"]) == ("4.0", "")
