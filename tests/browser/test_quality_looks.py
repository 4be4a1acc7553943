"""The pages of quality as they look with many imported people, and with gold over time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.models import Assignment, GoldVerdict, Label, LabelQueue, LabelTask
from apps.labels.settling import adjudicate
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.test_labelling_looks import VERDICTS, look
from tests.datasets.stored_trees import store_tree
from tests.people import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = 12
A_HUNDRED = 100


def imported(team: Team, count: int) -> Run:
    """A run of which so many people with ids for names judged every step, each their own way."""
    run = store_tree(team, range(STEPS))
    people = [foreign_labeller(team, str(UUID(int=(7 * nth + 3) << 120 | 77 * nth))) for nth in range(count)]
    rows = [(number, person, nth) for nth, person in enumerate(people) for number in range(1, STEPS + 1)]
    Label.objects.bulk_create(
        Label(
            team=team, run=run, number=number, labeller=person, client_uuid=uuid4(),
            verdict=VERDICTS[(number + (nth * number) // 5) % 3], created_at=timezone.now(),
        )
        for number, person, nth in rows
    )  # fmt: skip
    return run


def with_gold(team: Team, person: Labeller, periods: int) -> None:
    """So many hundreds of verdicts, a tenth of them gold, of which less is right every time; none in the second."""
    queue = LabelQueue.objects.create(team=team, name="Gold", gold_share=0.1)
    for nth in range(periods):
        run = store_tree(team, [0] * A_HUNDRED)
        at = timezone.now() - timedelta(days=3 * (periods - nth))
        for number in range(1, A_HUNDRED + 1):
            turn = None
            if number % 10 == 0 and nth != 1:
                place = {"run": run, "number": number, "position": nth * A_HUNDRED + number}
                task = LabelTask.objects.create(queue=queue, kind="gold", wanted=9, **place)
                GoldVerdict.objects.create(task=task, number=number, verdict="good")
                given = {"state": "submitted", "ended_at": at, "lease_until": at}
                turn = Assignment.objects.create(task=task, labeller=person, **given)
            verdict = "good" if number > 10 * nth else "bad"
            row = {"team": team, "run": run, "number": number, "verdict": verdict, "seconds": 9.0 - nth}
            Label.objects.create(labeller=person, assignment=turn, client_uuid=uuid4(), created_at=at, **row)


def test_many_imported_people_fit_the_matrix_and_a_settled_step(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = imported(team, 25)
    adjudicate(team=team, by=labeller_of(team, owner), run=run.pk, number=5, verdict="bad", reason="Wrong.")
    first, second = Labeller.objects.filter(user=None).order_by("pk")[:2]
    visit.sign_in(page, server, owner)
    for name, address in (
        ("matrix", f"quality/?first={first.pk}&second={second.pk}#people"),
        ("settled-step", f"settling/{run.pk}/5/"),
        ("imported-person", f"quality/people/{first.pk}/"),
    ):
        page.goto(f"/t/demo/labelling/{address}")
        expect(page.get_by_text(first.called).first).to_be_visible()
        look(page, f"quality-{name}-25")


@pytest.mark.parametrize("periods", [0, 6])
def test_gold_over_time_fits_the_page_of_a_person(
    page: Page, server: str, team: Team, owner: User, periods: int
) -> None:
    person = labeller_of(team, make_member(team, "annotator@example.org", Role.ANNOTATOR))
    with_gold(team, person, periods)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/labelling/quality/people/{person.pk}/#drift")
    expect(page.get_by_role("img", name="Share right on gold over time")).to_have_count(int(periods > 1))
    expect(page.get_by_role("cell", name="no gold")).to_have_count(int(periods > 1))
    look(page, f"quality-gold-{periods}")
