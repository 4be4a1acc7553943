"""Two people disagree, and a third settles it with the keyboard alone, goes on, and opens it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Role, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.labels.guidelines import add_guideline
from apps.labels.models import Adjudication, Label
from apps.labels.selectors import standing_verdict_of
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.faults import faults
from tests.datasets.stored_trees import judge, store_tree
from tests.people import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtsgesellschaft" * 4


@pytest.fixture
def reviewer(team: Team) -> User:
    return make_member(team, "reviewer@example.org", Role.REVIEWER)


def disputed(team: Team, owner: User) -> Run:
    """A run with a dispute on its second step and one, milder, on its third."""
    texts = {1: "Let $x = 2$.", 2: f"Then $$x^2 = 5.$$ {LONG}", 3: "لذلك الجواب هو 4"}
    run = store_tree(team, [0, 1, 2], texts=texts)
    version = add_guideline(team=team, by=owner, name=f"Rules {run.pk}", text="Judge *well*.", must_read=True)
    ours = judge(run, labeller_of(team, owner), {2: "good", 3: "good"})
    judge(run, foreign_labeller(team, "Xanthe Vow"), {2: "bad", 3: "neutral"})
    said = {"reason": "Follows from $x = 2$.", "flagged": True, "guideline_version": version, "seconds": 12.5}
    Label.objects.filter(pk=ours[0].pk).update(**said)
    Label.objects.filter(verdict="bad").update(critique=f"Two squared is four. {LONG}")
    return run


def comment(page: Page, text: str) -> None:
    """Say something about the step by key, and see it there."""
    expect(page.locator(".composer")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment .prose")).to_have_text(text)


def open_again(page: Page, run: Run, number: int, reason: str) -> None:
    """Take back what stands on a step."""
    page.goto(f"/t/demo/labelling/settling/{run.pk}/{number}/")
    page.get_by_text("Open it again, or let another verdict stand").click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("heading", name="waits to be settled")).to_be_visible()


def test_a_reviewer_settles_by_keyboard_goes_on_and_opens_again(
    page: Page, server: str, team: Team, owner: User, reviewer: User
) -> None:
    run = disputed(team, owner)
    visit.sign_in(page, server, reviewer)
    page.goto("/t/demo/labelling/settling/")
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_role("heading", name=f"Step 2 of run {run.pk} waits to be settled")).to_be_visible()
    expect(page.locator(".side")).to_have_count(2)
    expect(page.locator("body")).not_to_contain_text("Xanthe")
    visit.take_pictures(page, "settle-open")
    assert faults(page) == []
    comment(page, "See the square, 4 is what comes.")
    assert not Adjudication.objects.exists()
    page.get_by_label("Reason").fill("Two squared is four.")
    page.locator("h1").click()
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="is settled")).to_be_visible()
    expect(page.locator(".sides")).to_contain_text("Xanthe Vow")
    assert standing_verdict_of(run.pk, 2) == "bad"
    visit.take_pictures(page, "settle-settled")
    assert faults(page) == []
    expect(page.locator(".composer")).to_be_visible()
    page.keyboard.press("3")
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name=f"Step 3 of run {run.pk} waits to be settled")).to_be_visible()
    expect(page.locator(".composer")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="is settled")).to_be_visible()
    open_again(page, run, 2, "Look anew.")
    said = Adjudication.objects.order_by("pk").values_list("number", "verdict", "settled_by__user", "reason")
    assert list(said) == [
        (2, "bad", reviewer.pk, "Two squared is four."),
        (3, "neutral", reviewer.pk, ""),
        (2, "", reviewer.pk, "Look anew."),
    ]


@pytest.mark.parametrize("count", [0, 3])
def test_the_lists_hold_at_every_width(page: Page, server: str, team: Team, owner: User, count: int) -> None:
    runs = [disputed(team, owner) for _ in range(count)]
    visit.sign_in(page, server, owner)
    for name in ("settling", "settled", "guidelines"):
        page.goto(f"/t/demo/labelling/{name}/")
        visit.take_pictures(page, f"{name}-{count}")
        assert faults(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert visit.overflow(page) == 0
    assert len(runs) == count


def test_a_guideline_is_written_read_compared_and_confirmed(
    page: Page, server: str, team: Team, owner: User, reviewer: User
) -> None:
    visit.sign_in(page, server, owner)
    page.goto("/t/demo/labelling/guidelines/new/")
    expect(page.locator(".guideline-preview .prose")).to_contain_text("What is asked")
    visit.take_pictures(page, "guideline-new")
    assert faults(page) == []
    page.get_by_label("Text").fill("Judge **each** step: $x^2$.")
    expect(page.locator(".guideline-preview strong")).to_have_count(1)
    expect(page.locator(".guideline-preview strong")).to_have_text("each")
    expect(page.locator(".guideline-preview .katex").first).to_be_visible()
    page.get_by_role("button", name="Store guideline").click()
    expect(page.get_by_role("button", name="I have read it")).to_be_visible()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)
    page.get_by_role("link", name="Write version 2").click()
    page.get_by_label("Text").fill("Judge **every** step: $x^2$.\n\nAnd say why.")
    page.get_by_label("What changed").fill("Why is asked for.")
    page.get_by_role("button", name="Store version 2").click()
    expect(page.get_by_role("cell", name="must read 2")).to_have_count(2)
    visit.take_pictures(page, "guideline")
    assert faults(page) == []
    page.get_by_role("link", name="Version 2", exact=True).click()
    expect(page.locator("ins").first).to_have_text("Judge **every** step: $x^2$.")
    visit.take_pictures(page, "guideline-version")
    assert faults(page) == []
