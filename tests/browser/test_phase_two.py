"""Ten steps judged in phase two with the keyboard alone: to the first bad one, and what is asked there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import foreign_labeller
from apps.labels.models import Assignment, CritiqueRating, Label, LabelQueue, OwnStep
from apps.labels.services import add_label
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue_over, begin, current, rows, standing, turn_of
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHASE_TWO = LabelQueue.Mode.PHASE_TWO
INSTEAD = ("The digits of $12$ are $1$ and $2$, whose sum is $3$.", "So we are done.")


def solution_with_alternatives(team: Team) -> Run:
    """Ten steps, and beside the sixth two others, numbered after them; somebody wrote what is wrong with the sixth."""
    texts = dict(enumerate([*TEN_STEPS, *INSTEAD], start=1))
    run = store_tree(team, [*range(10), 5, 5], texts=texts)
    add_label(
        team=team,
        labeller=foreign_labeller(team, "another"),
        run=run.pk,
        number=6,
        verdict="bad",
        client_uuid=uuid4(),
        scores_in_view=False,
        critique="One and two make three.",
    )
    return run


def test_ten_steps_are_judged_to_the_first_bad_one_with_the_keyboard_alone(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    run = solution_with_alternatives(team)
    queue = a_queue_over(run, 10, mode=PHASE_TWO)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3", "3", "3", "3", "3", "1")
    expect(current(page)).to_have_attribute("data-key", "progress")
    expect(page.locator(".label-row-critique")).to_contain_text("One and two make three.")
    visit.take_pictures(page, "phase-two")
    hands.press("2", "3", "3", "1", "i")
    page.keyboard.type("Their sum is 3, which divides 12.")
    hands.press("Escape", "c")
    expect(rows(page).locator("textarea")).to_be_focused()
    page.keyboard.type("Says nothing.")
    hands.press("Escape")
    expect(page.locator(".label-row-own")).to_contain_text("Their sum is 3")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    said = {**dict.fromkeys(range(1, 6), "good"), 6: "bad", 11: "good", 12: "bad"}
    assert standing(queue, colleague) == said
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.finish, turn.progress) == ("submitted", Assignment.Finish.FOUND_ERROR, 1)
    assert CritiqueRating.objects.get().verdict == "good"
    own = OwnStep.objects.get()
    assert (own.parent, own.instead_of, own.text) == (5, 6, "Their sum is 3, which divides 12.")
    assert Label.objects.filter(labeller=turn.labeller, number=12).latest("id").critique == "Says nothing."


def test_a_first_error_is_corrected_in_place_and_the_rest_judged(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue_over(solution_with_alternatives(team), 10, mode=PHASE_TWO)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    # What others wrote is asked for once the verdict is stored, and refused once it is corrected.
    with page.expect_response("**/critiques?number=3"):
        hands.press("3", "3", "1")
    expect(page.locator(".label-row-beyond")).to_have_count(7)
    hands.press("2", "k", "2")
    expect(page.locator(".label-row-beyond")).to_have_count(0)
    hands.press(*"3333333", "Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.finish, turn.progress) == (Assignment.Finish.SOLUTION, None)
    assert standing(queue, colleague)[3] == "neutral"


def rated_bad(page: Page, hands: Hands) -> Locator:
    """The critique of step 6, once that is called bad, its progress told and the critique called bad."""
    hands.press("3", "3", "3", "3", "3", "1")
    critique = page.locator(".label-row-critique")
    expect(critique).to_be_visible()
    hands.press("3", "1")
    expect(critique).to_have_attribute("data-verdict", "bad")
    return critique


def test_undo_takes_progress_and_the_rating_of_a_critique_back(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    begin(page, server, colleague, a_queue_over(solution_with_alternatives(team), 10, mode=PHASE_TWO))
    hands = Hands(page)
    critique = rated_bad(page, hands)
    hands.press("u")
    expect(critique).to_have_attribute("data-verdict", "none")
    hands.press("u")
    expect(page.locator(".label-row-progress")).to_have_attribute("data-verdict", "none")
    wait_until_saved(page)
    assert list(CritiqueRating.objects.order_by("id").values_list("verdict", flat=True)) == ["bad", ""]


def test_the_rating_of_a_critique_is_undone_after_the_page_was_loaded_anew(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    begin(page, server, colleague, a_queue_over(solution_with_alternatives(team), 10, mode=PHASE_TWO))
    hands = Hands(page)
    critique = rated_bad(page, hands)
    wait_until_saved(page)
    page.reload()
    expect(critique).to_have_attribute("data-verdict", "bad")
    hands.press("u")
    expect(critique).to_have_attribute("data-verdict", "none")
    hands.press("u")
    expect(critique).to_have_count(0)
    wait_until_saved(page)
    assert list(CritiqueRating.objects.order_by("id").values_list("verdict", flat=True)) == ["bad", ""]


def test_giving_up_and_a_bad_problem_ask_why_and_keep_what_was_said(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue_over(solution_with_alternatives(team), 10, mode=PHASE_TWO)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3", "P")
    dialog = page.get_by_role("dialog", name="The problem is bad")
    expect(dialog).to_contain_text("reference answer is wrong does not make it bad")
    visit.take_pictures(page, "bad-problem", widths=[1440, 390])
    hands.press("Escape")
    expect(dialog).to_be_hidden()
    hands.press("G")
    expect(page.get_by_role("dialog", name="Give up on this task")).to_be_visible()
    hands.press(" ")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.finish, turn.reason) == (Assignment.Finish.GIVE_UP, "I was stuck for two or three minutes")
    assert standing(queue, colleague) == {1: "good"}
