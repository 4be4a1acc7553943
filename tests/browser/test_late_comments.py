"""Comments that change while somebody reads: an answer that comes late, a text that is edited."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from apps.discussions.models import Comment
from apps.discussions.services import edit_comment, open_thread
from apps.runs.models import Run
from tests.browser.test_comments import opened
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def say(team: Team, person: User, run: Run, text: str) -> Comment:
    """Begin a thread about step 2."""
    return open_thread(team=team, by=person, kind="step", key=f"{run.pk}:2", text=text, client_uuid=uuid4())


def test_a_comment_that_is_stored_late_is_not_shown_beside_another_step(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team, (("So two.", "Then four.", "4"),))
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/")
    page.keyboard.press("c")
    page.get_by_role("textbox", name="Comment on step 2").fill("Is this right?")
    held: list[Route] = []
    page.route("**/threads", lambda route: held.append(route))
    with page.expect_request("**/threads"):
        page.get_by_role("textbox", name="Comment on step 2").press("Control+Enter")
    page.locator("#step-1").click()
    expect(page.get_by_role("textbox", name="Comment on step 1")).to_be_visible()
    with page.expect_response(f"**/discussions/step/{run.pk}:1/"):
        held.pop().continue_()
    expect(page.locator("#step-2 .branch-comments")).to_have_text("1")
    expect(page.get_by_role("article", name="Comment of owner")).to_have_count(0)


def test_earlier_texts_that_are_read_stay_open_and_tell_the_latest_when_there_is_news(
    page: Page, server: str, team: Team, owner: User, colleague: User
) -> None:
    run = make_run_with_tree(team, (("So two.", "Then four.", "4"),))
    said = say(team, colleague, run, "It is.\n\n- twice two")
    edit_comment(team=team, by=colleague, comment=said.pk, text="It is, I think.")
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/")
    page.keyboard.press("c")
    comment = page.get_by_role("article", name="Comment of colleague")
    edited = comment.get_by_role("button", name="edited")
    history = comment.locator("[data-part=history]")
    edited.click()
    expect(history.locator("li")).to_have_text(["twice two"])
    close = history.get_by_role("button", name="Close")
    close.focus()
    edit_comment(team=team, by=colleague, comment=said.pk, text="It is for certain.")
    expect(history).to_contain_text("It is, I think.")
    expect(comment.locator("header + .prose")).to_have_text("It is for certain.")
    expect(history.locator("li")).to_have_text(["twice two"])
    expect(edited).to_have_attribute("aria-expanded", "true")
    expect(close).to_be_focused()
    close.press("Enter")
    expect(history).to_have_count(0)
    expect(edited).to_be_focused()
    expect(edited).to_have_attribute("aria-expanded", "false")


def test_who_thinks_better_of_deleting_is_back_at_its_button_whatever_was_said_meanwhile(
    page: Page, server: str, team: Team, owner: User, colleague: User
) -> None:
    run = make_run_with_tree(team, (("So two.", "Then four.", "4"),))
    say(team, owner, run, "Is this right?")
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/")
    page.keyboard.press("c")
    delete = page.get_by_role("article", name="Comment of owner").get_by_role("button", name="Delete")
    delete.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    say(team, colleague, run, "It is.")
    expect(page.locator("article")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(delete).to_be_focused()
