"""Records, quality, cost and settling as they look with nothing, a little and much, and with names hard to fit."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller
from apps.imports.services import import_file
from apps.labels.models import Assignment, Label, LabelQueue, LabelTask
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.faults import CONTRAST, faults
from tests.datasets.stored_trees import store_tree
from tests.imports.records import lines
from tests.labels.records import STRANGE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLE = settings.BRANCHWISE.fixtures_dir / "demo" / "prm800k.jsonl"
HARD = ("Übereinstimmungsprüfungswarteschlange" * 4, "קוראים את הצעדים ושופטים", "<b>x</b> & $x^2$")
VERDICTS = ("good", "bad", "neutral", "unsure")
MANY = 1_000


def look(page: Page, name: str) -> None:
    """Keep pictures at every width in light and dark; nothing is cut off or hard to use in any."""
    visit.take_pictures(page, name)
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        assert visit.overflow(page) == 0, f"{name} at {width}"
        assert faults(page) == [], f"{name} at {width}"
    page.emulate_media(color_scheme="dark")
    assert faults(page, CONTRAST) == [], f"{name}, dark"
    page.emulate_media(color_scheme="light")


def labelled(team: Team, steps: int) -> tuple[LabelQueue, list[Labeller]]:
    """A queue of three people with hard names, each of whom judged every step of one run their own way."""
    run = store_tree(team, range(steps), texts={2: HARD[0], 3: HARD[1]})
    queue = LabelQueue.objects.create(team=team, name=HARD[0], wanted=3, hourly_rate=30, currency="EUR")
    task = LabelTask.objects.create(queue=queue, run=run, number=steps, position=0, wanted=3, taken=3, submitted=3)
    people = [foreign_labeller(team, name) for name in HARD]
    for nth, person in enumerate(people, start=1):
        turn = Assignment.objects.create(
            task=task, labeller=person, state="submitted", seconds=7.5 * nth, lease_until=timezone.now()
        )
        Label.objects.bulk_create(
            Label(
                team=team, run=run, number=number, labeller=person, assignment=turn, client_uuid=uuid4(),
                verdict=VERDICTS[number * nth % len(VERDICTS)], critique=HARD[nth % 3], seconds=nth,
                created_at=timezone.now(),
            )
            for number in range(1, steps + 1)
        )  # fmt: skip
    return queue, people


@pytest.mark.parametrize("steps", [0, 3, MANY])
def test_quality_cost_and_settling_hold_with_any_number_of_labels(
    page: Page, server: str, team: Team, owner: User, steps: int
) -> None:
    addresses = {"quality": "quality/", "cost": "cost/", "settling": "settling/", "settled": "settled/"}
    if steps:
        queue, people = labelled(team, steps)
        pair = f"quality/?first={people[0].pk}&second={people[1].pk}&said=good&other=good"
        addresses |= {"quality-pair": pair, "quality-person": f"quality/people/{people[0].pk}/"}
        addresses |= {"settle-by-rule": f"settling/queues/{queue.pk}/", "queue": f"queues/{queue.pk}/"}
    visit.sign_in(page, server, owner)
    for name, address in addresses.items():
        page.goto(f"/t/demo/labelling/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look(page, f"{name}-{steps}")


def test_every_imported_record_is_shown_as_its_labeller_saw_it_at_every_width(
    page: Page, server: str, team: Team, owner: User
) -> None:
    import_file(team, io.BytesIO(SAMPLE.read_bytes() + lines(STRANGE)), "records.jsonl", format="prm800k")
    visit.sign_in(page, server, owner)
    runs = list(Run.objects.order_by("id").values_list("pk", flat=True))
    assert len(runs) == len(SAMPLE.read_text(encoding="utf-8").splitlines()) + 1
    for run in runs:
        page.goto(f"/t/demo/labelling/records/{run}/")
        expect(page.locator(".record-row").first).to_be_visible()
        assert faults(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert visit.overflow(page) == 0
        page.set_viewport_size({"width": 1440, "height": 900})
    for name, run in (("record", runs[0]), ("record-strange", runs[-1])):
        page.goto(f"/t/demo/labelling/records/{run}/")
        look(page, name)
