"""The pages of queues in a browser: empty, with three and with many rows, at every width; a queue is built by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import LabelQueue
from apps.labels.queues import take_task
from tests.browser import visit
from tests.browser.faults import faults
from tests.factories import make_run_with_tree
from tests.labels.queue_making import end, make_known, make_labellers, make_queue, make_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/t/demo/labelling/"
LONG = "Übereinstimmungsprüfungswarteschlange" * 3
RIGHT_TO_LEFT = "קוראים את הצעדים ושופטים"


def look(page: Page, name: str) -> None:
    """Keep pictures of the page at every width, and see that nothing is cut off or hard to use."""
    visit.take_pictures(page, name)
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0
    assert faults(page) == []


def test_a_team_without_queues_builds_one(page: Page, server: str, team: Team, owner: User) -> None:
    make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    page.goto(HOME)
    look(page, "queues-empty")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="Build a queue").click()
    page.get_by_role("link", name="Every step, random").click()
    # The page before says the same of what comes of it.
    page.wait_for_url("**/new/?*mode=every-step*")
    expect(page.locator("#outlook")).to_contain_text("2 solutions of 1 problem")
    look(page, "queue-new-folded")
    page.set_viewport_size({"width": 1440, "height": 900})
    most = page.get_by_label("At most in all")
    expect(most).to_be_hidden()
    fold = page.locator("summary", has_text="Narrow the steps")
    fold.focus()
    page.keyboard.press("Enter")
    most.fill("1")
    expect(page.locator("#outlook")).to_contain_text("1 solution of 1 problem")
    look(page, "queue-new")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Every step")
    assert LabelQueue.objects.get().tasks.count() == 1


def test_what_is_to_be_settled_leads_to_its_field_in_a_fold_and_stays_in_view(
    page: Page, server: str, team: Team, owner: User
) -> None:
    make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(HOME + "queues/new/")
    expect(page.locator("#outlook")).to_be_in_viewport(ratio=1)
    expect(page.locator("#outlook .notice")).to_have_count(0)
    scorer = page.get_by_label("Scorer", exact=True)
    expect(scorer).to_be_hidden()
    page.get_by_label("Order", exact=True).select_option("convincing-wrong")
    settle = page.locator("#outlook").get_by_role("link", name="Scorer")
    expect(settle).to_be_in_viewport()
    settle.click()
    expect(scorer).to_be_in_viewport(ratio=1)
    assert faults(page) == []


def test_many_queues_people_and_tasks_stand_in_place(page: Page, server: str, team: Team, owner: User) -> None:
    queue = make_queue(team, name=LONG, gold_share=0.2, filter={"outcome": "wrong"})
    make_queue(team, name=RIGHT_TO_LEFT, state="paused")
    make_queue(team, name="Closed", state="closed")
    make_tasks(queue, 60)
    for task in make_tasks(queue, 3, kind="gold"):
        make_known(task)
    for labeller in [*make_labellers(team, 4), labeller_of(team, owner)]:
        for _ in range(3):
            turn = take_task(queue, labeller)
            assert turn is not None
            end(turn)
    # Set once they are in: a mark of screening without tasks to reach it by lets nobody in.
    LabelQueue.objects.filter(pk=queue.pk).update(screening_pass=0.5)
    queue.changes.create(what="state", before="active", after="paused", reason=RIGHT_TO_LEFT, made_by=owner)
    visit.sign_in(page, server, owner)
    page.goto(HOME)
    look(page, "queues-three")
    for address, name in ((f"queues/{queue.pk}/", "queue"), (f"queues/{queue.pk}/gold/", "queue-gold")):
        page.goto(HOME + address)
        look(page, name)
    for n in range(60):
        make_queue(team, name=f"Queue {n}")
    page.goto(HOME)
    look(page, "queues-many")


def test_an_annotator_sees_their_own_part(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = make_queue(team, name="Convincing wrong, round 3")
    make_tasks(queue, 5)
    turn = take_task(queue, labeller_of(team, colleague))
    assert turn is not None
    visit.sign_in(page, server, colleague)
    page.goto(f"{HOME}queues/{queue.pk}/")
    expect(page.get_by_role("link", name="Go on labelling")).to_be_visible()
    look(page, "queue-annotator")
