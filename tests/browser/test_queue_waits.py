"""The screens on which somebody waits, or may not: screening, a paused queue, a hidden run, a right that is missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import LabelQueue, LabelTask
from apps.labels.queues import take_task
from tests.browser import visit
from tests.browser.faults import CONTRAST, faults
from tests.factories import make_run_with_tree
from tests.labels.queue_making import make_known, make_queue, make_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/t/demo/labelling/"


def look(page: Page, name: str) -> None:
    """Keep pictures in light and dark; nothing is cut off or hard to use."""
    visit.take_pictures(page, name, widths=(1440, 390))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        assert visit.overflow(page) == 0
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, CONTRAST) == []
    page.emulate_media(color_scheme="light")


def screened(team: Team, person: User) -> LabelQueue:
    """A queue in whose screening the person is."""
    queue = make_queue(team, name="Convincing wrong, round 3", screening_pass=0.8)
    make_tasks(queue, 5)
    for task in make_tasks(queue, 2, kind="screening"):
        make_known(task)
    assert take_task(queue, labeller_of(team, person)) is not None
    return queue


@pytest.mark.parametrize(
    ("state", "told"),
    [("screening", "decide whether you go on"), ("refused", "You are not admitted"), ("admitted", "Go on labelling")],
)
def test_who_is_screened_reads_how_it_stands(
    page: Page, server: str, team: Team, colleague: User, state: str, told: str
) -> None:
    queue = screened(team, colleague)
    queue.members.filter(user=colleague).update(state=state)
    visit.sign_in(page, server, colleague)
    page.goto(f"{HOME}queues/{queue.pk}/")
    expect(page.locator("body")).to_contain_text(told)
    look(page, f"queue-screening-{state}")
    page.goto(f"{HOME}queues/{queue.pk}/label/")
    expect(page.locator("[data-part=loading]")).to_be_hidden()
    look(page, f"label-screening-{state}")


def test_a_paused_queue_says_so_in_the_list_and_on_its_page(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = make_queue(team, name="Convincing wrong, round 3", state="paused")
    make_tasks(queue, 5)
    visit.sign_in(page, server, colleague)
    page.goto(HOME)
    look(page, "queues-paused")
    # Looked at last on a telephone, where the far columns are out of view.
    expect(page.locator("tbody").get_by_text("paused")).to_be_in_viewport(ratio=1)
    page.goto(f"{HOME}queues/{queue.pk}/")
    expect(page.get_by_role("status")).to_contain_text("paused")
    look(page, "queue-paused")


def test_who_may_not_is_led_on(
    page: Page, server: str, team: Team, colleague: User, page_notices: visit.Notices
) -> None:
    page_notices.expect("403")
    run, queue = make_run_with_tree(team), make_queue(team, name="Convincing wrong, round 3")
    LabelTask.objects.create(queue=queue, run=run, number=2, position=0)
    visit.sign_in(page, server, colleague)
    page.goto(f"{HOME}queues/new/")
    expect(page.get_by_role("link", name="What there is to label")).to_be_visible()
    look(page, "error-no-right")
    page.goto(f"/t/demo/runs/{run.pk}/")
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    look(page, "error-not-yet")
