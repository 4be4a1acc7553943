"""Alternatives of a step, where every step is judged: unfolded by key, judged like any other, or not at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import OwnStep
from tests.browser import visit
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import a_queue_over, begin, current, rows, standing
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_alternatives_unfold_below_their_step_and_are_judged_there(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    words = {1: "Ein-sehr-langes-Wort-" * 12, 4: "هذه خطوة أخرى", 5: "Another way."}
    queue = a_queue_over(store_tree(team, [0, 1, 2, 1, 1], texts=words), 3)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3")
    fold = rows(page).nth(1).get_by_role("button", name="2 alternatives")
    expect(fold).to_have_attribute("aria-expanded", "false")
    hands.press("a")
    expect(rows(page)).to_have_count(5)
    expect(fold).to_have_attribute("aria-expanded", "true")
    visit.take_pictures(page, "alternatives")
    assert visit.overflow(page) == 0
    hands.press("j", "1", "u", "1", "a")
    expect(rows(page)).to_have_count(3)
    expect(current(page)).to_have_attribute("data-key", "step-2")
    hands.press("2", "3", "Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    assert standing(queue, colleague) == {1: "good", 2: "neutral", 3: "good", 4: "bad"}


def test_a_step_of_ones_own_is_written_changed_and_taken_back(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue_over(store_tree(team, [0, 1]), 2)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    for text in ("First.", "Second.", ""):
        hands.press("i", "Control+a", "Delete")
        page.keyboard.type(text)
        hands.press("Escape")
        expect(page.locator(".label-row-own")).to_have_count(1 if text else 0)
    wait_until_saved(page)
    written = OwnStep.objects.order_by("id").values_list("parent", "instead_of", "text")
    assert list(written) == [(0, 1, "First."), (0, 1, "Second."), (0, 1, "")]
