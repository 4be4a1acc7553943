"""Phase one by keyboard alone on a real tree of thoughts: each alternative judged, one chosen, down to its end."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.imports.services import import_file
from apps.labels.models import Assignment, Label, LabelQueue, OwnStep
from apps.runs.models import Run, Step
from tests.browser import visit
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import a_queue_over, begin, current, rows, turn_of
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHASE_ONE = LabelQueue.Mode.PHASE_ONE
GAME_OF_24 = settings.BRANCHWISE.fixtures_dir / "demo" / "tree-of-thoughts-game24.json"


def below(run: Run, parent: int) -> list[int]:
    """The steps that follow one, by number."""
    return list(Step.objects.filter(run=run, parent=parent).order_by("number").values_list("number", flat=True))


def judge_level(page: Page, hands: Hands, numbers: list[int], good: int) -> None:
    """Call one of a level good and the others bad, and choose it; the focus begins on the first."""
    expect(current(page)).to_have_attribute("data-key", f"step-{numbers[0]}")
    hands.press(*("3" if number == good else "1" for number in numbers))
    if numbers[-1] != good:
        expect(current(page)).to_have_attribute("data-key", f"step-{good}")
    hands.press("t")


def test_a_real_tree_is_followed_from_level_to_level_with_the_keyboard_alone(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    import_file(team, GAME_OF_24, GAME_OF_24.name)
    run = Run.objects.order_by("id")[0]
    queue = a_queue_over(run, 0, mode=PHASE_ONE)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    parent, chosen, judged = 0, [], 0
    while numbers := below(run, parent):
        parent = next((number for number in numbers if below(run, number)), numbers[0])
        judge_level(page, hands, numbers, parent)
        if not chosen:
            visit.take_pictures(page, "phase-one")
        chosen.append(parent)
        judged += len(numbers)
    assert len(chosen) >= 3
    expect(page.locator(".label-row-end")).to_contain_text("the branch ends here")
    expect(rows(page)).to_have_count(judged + 1)
    visit.take_pictures(page, "phase-one-end", widths=[1440], schemes=["light"])
    # Some forty rows are on their way; who submits before that is asked elsewhere.
    expect(page.locator("[data-part=saved]")).to_contain_text("Saved", timeout=60_000)
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.finish) == (Assignment.State.SUBMITTED, Assignment.Finish.SOLUTION)
    newest = Label.objects.filter(run=run, labeller=turn.labeller).order_by("number", "-id").distinct("number")
    assert newest.count() == judged
    assert [row.number for row in newest if row.chosen] == chosen
    assert all(row.chosen is False and row.verdict == "bad" for row in newest if row.number not in chosen)


def test_a_choice_is_undone_and_another_taken(page: Page, server: str, team: Team, colleague: User) -> None:
    run = store_tree(team, [0, 0, 1, 2, 2])
    queue = a_queue_over(run, 0, mode=PHASE_ONE)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3", "3", "t")
    expect(rows(page)).to_have_count(5)
    hands.press("u")
    expect(rows(page)).to_have_count(3)
    hands.press("k", "t")
    expect(rows(page)).to_have_count(4)
    page.reload()
    expect(rows(page)).to_have_count(4)
    expect(rows(page).first).to_contain_text("goes on")
    hands.press("3")
    hands.press("t")
    expect(page.locator(".label-row-end")).to_contain_text("the branch ends here")
    wait_until_saved(page)


def test_where_none_is_good_a_step_of_ones_own_goes_on(page: Page, server: str, team: Team, colleague: User) -> None:
    run = store_tree(team, [0, 0])
    queue = a_queue_over(run, 0, mode=PHASE_ONE)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "Enter")
    expect(page.locator("[data-part=foot-said]")).to_have_text("1 row still to be judged.")
    hands.press("1", "t")
    expect(page.locator("[data-part=foot-said]")).to_contain_text("It is called bad")
    expect(page.locator(".label-row-end")).to_contain_text("None is good")
    hands.press("i")
    page.keyboard.type("Two and three are five.")
    hands.press("Escape")
    expect(page.locator(".label-row-own")).to_contain_text("Two and three are five.")
    wait_until_saved(page)
    page.reload()
    expect(page.locator(".label-row-own")).to_contain_text("Two and three are five.")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    own = OwnStep.objects.get()
    assert (own.parent, own.instead_of) == (0, None)
    assert turn_of(queue, colleague).finish == Assignment.Finish.SOLUTION


def test_what_follows_is_asked_for_again_when_the_line_is_back(
    page: Page, page_notices: visit.Notices, server: str, team: Team, colleague: User
) -> None:
    page_notices.expect("ERR_INTERNET_DISCONNECTED")
    run = store_tree(team, [0, 1])
    queue = a_queue_over(run, 0, mode=PHASE_ONE)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3")
    wait_until_saved(page)
    page.context.set_offline(True)
    hands.press("t")
    expect(page.locator("[data-part=foot-said]")).to_contain_text("could not be fetched")
    expect(page.locator(".label-row-end")).to_contain_text("on its way")
    page.context.set_offline(False)
    expect(rows(page)).to_have_count(3)
    wait_until_saved(page)
    chosen = Label.objects.filter(run=run, chosen=True).values_list("number", flat=True)
    assert list(chosen) == [1]
