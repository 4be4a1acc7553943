"""Branches of one tree share steps: what was said of them in one task stands in the next, though fetched before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Label, LabelTask
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import a_queue_over, begin, rows
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_task_fetched_ahead_knows_what_was_said_since_of_the_steps_it_shares(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    run = store_tree(team, [0, 1, 2, 2])
    queue = a_queue_over(run, 3)
    LabelTask.objects.create(queue=queue, run=run, number=4, position=1, wanted=1)
    with page.expect_response(lambda answer: answer.url.endswith("/next") and '"number":4' in answer.text()):
        begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "3", "3", "Enter")
    expect(rows(page).nth(2)).to_contain_text("Step 4.")
    expect(rows(page).first).to_have_attribute("data-verdict", "bad")
    hands.press("k", "k", "2")
    wait_until_saved(page)
    first = Label.objects.filter(run=run, number=1).order_by("id").values_list("verdict", flat=True)
    assert list(first) == ["bad", "neutral"]


def test_undo_opens_the_task_before_again_though_the_next_shows_what_was_said_in_it(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    run = store_tree(team, [0, 1, 2, 2])
    queue = a_queue_over(run, 3)
    LabelTask.objects.create(queue=queue, run=run, number=4, position=1, wanted=1)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "3", "3", "Enter")
    expect(rows(page).nth(2)).to_contain_text("Step 4.")
    wait_until_saved(page)
    page.reload()
    expect(rows(page).nth(2)).to_contain_text("Step 4.")
    expect(rows(page).first).to_have_attribute("data-verdict", "bad")
    hands.press("u")
    expect(rows(page).nth(2)).to_contain_text("Step 3.")
    expect(rows(page).nth(2)).to_have_attribute("data-verdict", "good")
    hands.press("u")
    expect(rows(page).nth(2)).to_have_attribute("data-verdict", "none")
