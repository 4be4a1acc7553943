"""Undo of what is no verdict: a step of one's own, and a task that was skipped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, LabelQueue, OwnStep
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue, a_queue_over, begin, current, rows, turn_of
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECOND = ("One apple.", "Two apples.")


def write(page: Page, hands: Hands, text: str) -> None:
    """Write a step of one's own in place of all that stands in the field."""
    hands.press("i", "ControlOrMeta+a")
    page.keyboard.type(text)
    hands.press("Escape")


def test_undo_restores_the_earlier_text_and_takes_it_back_also_after_a_reload(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    begin(page, server, colleague, a_queue(team, [SECOND]))
    hands, own = Hands(page), page.locator(".label-row-own")
    hands.press("1", "k")
    write(page, hands, "Three apples.")
    write(page, hands, "Four apples.")
    expect(own).to_contain_text("Four apples.")
    hands.press("u")
    expect(own).to_contain_text("Three apples.")
    expect(current(page)).to_contain_text("Three apples.")
    wait_until_saved(page)
    page.reload()
    expect(own).to_contain_text("Three apples.")
    hands.press("u")
    expect(own).to_have_count(0)
    expect(current(page)).to_have_attribute("data-key", "step-1")
    expect(rows(page).first).to_have_attribute("data-verdict", "bad")
    hands.press("u")
    expect(rows(page).first).to_have_attribute("data-verdict", "none")
    wait_until_saved(page)
    stored = list(OwnStep.objects.order_by("id").values_list("text", flat=True))
    assert stored == ["Three apples.", "Four apples.", "Three apples.", ""]


def test_in_phase_one_undo_leads_back_to_the_level_beside_which_it_was_written(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue_over(store_tree(team, [0, 0]), 0, mode=LabelQueue.Mode.PHASE_ONE)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "1")
    write(page, hands, "Two and three are five.")
    expect(page.locator(".label-row-end")).to_contain_text("You wrote the step")
    hands.press("u")
    expect(page.locator(".label-row-own")).to_have_count(0)
    expect(page.locator(".label-row-end")).to_contain_text("None is good")
    expect(current(page)).to_have_attribute("data-key", "step-2")
    wait_until_saved(page)
    assert list(OwnStep.objects.order_by("id").values_list("text", flat=True)) == ["Two and three are five.", ""]


def test_undo_brings_a_skipped_task_back_into_the_hand(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [SECOND, TEN_STEPS])
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3", "S")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Skip", exact=True).click()
    expect(rows(page)).to_have_count(10)
    progress = page.locator("[data-part=progress]")
    expect(progress).to_contain_text("0 of 2 done")
    hands.press("u")
    expect(rows(page)).to_have_count(2)
    expect(progress).to_contain_text("0 of 2 done")
    expect(rows(page).first).to_have_attribute("data-verdict", "good")
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.task.taken) == (Assignment.State.OPEN, 1)
    hands.press("3", "Enter")
    expect(rows(page)).to_have_count(10)
    expect(progress).to_contain_text("1 of 2 done")
