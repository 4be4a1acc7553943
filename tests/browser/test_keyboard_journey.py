"""A tree without a mouse: from signing in to a judged and discussed step, with the focus in view all the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Run, StepText
from tests.browser.hands import Hands, opened, selected
from tests.browser.judging import wait_until_saved
from tests.runs.forking import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "several quiet words"


@pytest.fixture
def run(team: Team) -> Run:
    """A beam over a puzzle by the scripted engine: it has levels, siblings and pruned steps."""
    return played(team)


def shown(page: Page) -> Locator:
    return page.locator("[data-part=shown]")


def test_from_signing_in_to_a_judged_and_discussed_step(page: Page, server: str, owner: User, run: Run) -> None:
    hands = Hands(page)
    sign_in(hands, owner)
    experiment = page.get_by_role("main").get_by_role("link", name=run.experiment.name)
    hands.go_to(experiment.first)
    hands.leave_for("Enter")
    hands.go_to(page.locator(f"tbody a[href*='/runs/{run.pk}/']").first)
    hands.leave_for("Enter")
    opened(page)
    read(hands)
    fold_and_filter(hands)
    find(hands, StepText.objects.filter(run=run).earliest("number").text.split()[0])
    replay(hands)
    judge(hands)
    comment(hands)
    change_the_comment(hands)


def sign_in(hands: Hands, owner: User) -> None:
    """By e-mail and password, as a person who has one."""
    page = hands.page
    owner.set_password(PASSWORD)
    owner.save()
    page.goto("/sign-in/")
    hands.go_to(page.get_by_label("E-mail"))
    hands.write(owner.email)
    hands.go_to(page.get_by_label("Password"))
    hands.write(PASSWORD)
    hands.leave_for("Enter")


def read(hands: Hands) -> None:
    """Into the branch, down it, to a sibling whose branch takes the place of this one, and back."""
    page = hands.page
    hands.go_to(selected(page))
    hands.press("j", "k")
    first = selected(page).get_attribute("data-number") or ""
    hands.press("]")
    expect(selected(page)).not_to_have_attribute("data-number", first)
    hands.press("[", "ArrowDown", "Home")
    expect(selected(page)).to_have_attribute("data-number", first)


def fold_and_filter(hands: Hands) -> None:
    """Fold and unfold, filter, and show all by the button that then goes away."""
    page = hands.page
    hands.press("e")
    expect(shown(page)).to_contain_text("steps shown")
    hands.press("E")
    expect(shown(page)).to_have_text("")
    hands.go_to(page.locator(".run-view > summary"), by="Shift+Tab")
    hands.press("Enter")
    hands.go_to(page.get_by_label("Hide pruned steps"))
    hands.press("Space")
    expect(shown(page)).to_contain_text("steps shown")
    hands.press("Escape")
    expect(page.locator(".run-view > summary")).to_be_focused()
    hands.go_to(page.get_by_role("button", name="Show all"))
    hands.press("Enter")
    expect(shown(page)).to_have_text("")
    hands.look("what was pressed is there no more")


def find(hands: Hands, word: str) -> None:
    """Look for a word, give it up, look again, and walk what was found."""
    page = hands.page
    hands.press("/")
    hands.write(word)
    count = page.locator("[data-part=find-count]")
    expect(count).to_have_text(re.compile(r"\d+ (steps?|of)"))
    hands.press("Enter")
    hands.press("Escape")
    expect(count).to_be_empty()
    hands.press("/")
    hands.write(word)
    expect(count).to_have_text(re.compile(r"\d+ (steps?|of)"))
    hands.go_to(page.get_by_role("button", name="Next match"))
    hands.press("n", "n", "N")
    expect(count).to_have_text(re.compile(r"\d+ of \d+"))


def replay(hands: Hands) -> None:
    """Back in time, to a candidate, and back to now by the button that then is off."""
    page = hands.page
    hands.go_to(page.get_by_role("button", name="One decision back"))
    hands.press("Enter", ",")
    words = page.locator("[data-part=replay-words]")
    expect(words).to_contain_text("Decision")
    hands.go_to(page.locator("[data-part=replay-candidates] button").first, by="Shift+Tab")
    hands.press("Enter")
    hands.look("a candidate was selected")
    hands.press("b")
    expect(page).to_have_url(re.compile(r"[?&]at=\d+"))
    hands.go_to(page.get_by_role("button", name="Now", exact=True))
    hands.press("Enter")
    expect(words).to_contain_text("Now")
    hands.look("the replay was left")


def judge(hands: Hands) -> None:
    """Give a verdict and take it back."""
    page = hands.page
    hands.go_to(selected(page), by="Shift+Tab")
    hands.press("Home", "3")
    wait_until_saved(page)
    hands.press("u")


def comment(hands: Hands) -> None:
    """Write about the step."""
    page = hands.page
    hands.press("c")
    field = page.get_by_role("textbox", name=re.compile(r"^Comment on step"))
    expect(field).to_be_focused()
    hands.write("Is this right?")
    hands.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Is this right?")
    hands.look("the comment was sent")


def change_the_comment(hands: Hands) -> None:
    """Change what was written; delete it, and think better of it."""
    page = hands.page
    hands.go_to(page.get_by_role("article").get_by_role("button", name="Edit"))
    hands.press("Enter")
    expect(page.get_by_role("textbox", name="The comment's text")).to_be_focused()
    hands.write(" It is.")
    hands.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("It is.")
    hands.look("the comment was changed")
    hands.go_to(page.get_by_role("article").get_by_role("button", name="Delete"))
    hands.press("Enter")
    hands.press("Escape")
    expect(page.get_by_role("article").get_by_role("button", name="Delete")).to_be_focused()
