"""Comments beside the tree: two people talk about a step, and nothing that is written is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Role, Team, User
from apps.discussions.models import Comment, Notification
from apps.discussions.services import open_thread, reply
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.faults import faults
from tests.factories import make_run_with_tree
from tests.people import make_member

PATIENCE_MS = 15_000  # for a whole page with its tree
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, (("So $x = 2$.", "Then two of them are four.", "4"), ("No.", "5")))


@pytest.fixture
def reviewer(team: Team) -> User:
    user = make_member(team, "ada@example.org", Role.REVIEWER)
    User.objects.filter(pk=user.pk).update(name="Ada Lovelace")
    return user


def opened(page: Page, server: str, person: User, address: str) -> None:
    """The person's page of a tree, once it shows its branch."""
    visit.sign_in(page, server, person)
    page.goto(address)
    expect(page.locator(".branch-step").first).to_be_visible(timeout=PATIENCE_MS)


def test_two_people_talk_about_a_step(
    page: Page, browser: Browser, server: str, team: Team, owner: User, reviewer: User, run: Run
) -> None:
    address = f"/t/demo/runs/{run.pk}/steps/2/"
    opened(page, server, owner, address)
    page.keyboard.press("c")
    field = page.get_by_role("textbox", name="Comment on step 2")
    expect(field).to_be_focused()
    field.press_sequentially("Is **this** $a_1$ right, @ada")
    expect(page.get_by_role("option", name="Ada Lovelace")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Is **this** $a_1$ right, @Ada Lovelace ")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".composer-preview strong")).to_have_text("this")
    field.press("Control+Enter")
    said = page.get_by_role("article", name="Comment of owner")
    expect(said.locator(".prose-mention")).to_have_text("@Ada Lovelace")
    expect(said.locator(".katex")).to_be_visible()
    expect(page.locator("#step-2 .branch-comments")).to_have_text("1")
    visit.take_pictures(page, "comments")

    with another(browser, server) as beside:
        visit.sign_in(beside, server, reviewer)
        beside.goto("/t/demo/experiments/")
        beside.get_by_role("link", name="Mentions of you, unseen: 1").click()
        visit.take_pictures(beside, "mentions")
        # That it was seen is told beside what the reader does, and shown by nothing on this page.
        with beside.expect_response("**/seen"):
            beside.get_by_role("link", name=f"Step 2 of run {run.pk}").click()
            linked = beside.get_by_role("article", name="Comment of owner")
            expect(linked).to_be_focused(timeout=PATIENCE_MS)
        beside.get_by_role("button", name="Reply").click()
        reply = beside.get_by_role("textbox", name="Reply")
        reply.fill("It is.\n\n- twice two\n- is four")
        beside.locator(".composer", has=reply).get_by_role("button", name="Reply").click()
        answer = page.get_by_role("article", name="Comment of Ada Lovelace")
        expect(answer.locator("li")).to_have_count(2)
        expect(beside.get_by_role("link", name="Mentions of you")).to_be_visible()
    assert Notification.objects.filter(user=reviewer, seen_at=None).count() == 0


def test_one_settles_edits_and_deletes_and_the_other_sees_it(
    page: Page, browser: Browser, server: str, team: Team, owner: User, reviewer: User, run: Run
) -> None:
    key, address = f"{run.pk}:2", f"/t/demo/runs/{run.pk}/steps/2/"
    first = open_thread(team=team, by=owner, kind="step", key=key, text="Why?", client_uuid=uuid4())
    text = "It is.\n\n- twice two\n- is four"
    reply(team=team, by=reviewer, thread=first.thread_id, text=text, client_uuid=uuid4())
    opened(page, server, owner, address)
    page.keyboard.press("c")
    answer = page.get_by_role("article", name="Comment of Ada Lovelace")
    expect(answer.locator("li")).to_have_count(2)
    with another(browser, server) as beside:
        opened(beside, server, reviewer, address)
        beside.keyboard.press("c")
        beside.get_by_role("button", name="Settle").click()
        expect(page.get_by_text("settled by Ada Lovelace")).to_be_visible()
        own = beside.get_by_role("article", name="Comment of Ada Lovelace")
        own.get_by_role("button", name="Edit").click()
        edit = beside.get_by_role("textbox", name="The comment's text")
        expect(edit).to_have_value("It is.\n\n- twice two\n- is four")
        edit.fill("It is, I think.")
        edit.press("Control+Enter")
        expect(answer).to_contain_text("It is, I think.")
        answer.get_by_role("button", name="edited").click()
        expect(answer.locator("li")).to_have_count(2)
        expect(own).to_contain_text("It is, I think.")
        own.get_by_role("button", name="Delete").click()
        beside.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("Deleted by its author")).to_be_visible()
        expect(page.locator("#step-2 .branch-comments")).to_have_text("1")


def test_what_is_written_offline_is_kept_and_sent_once(
    page: Page, server: str, team: Team, owner: User, run: Run, page_notices: visit.Notices
) -> None:
    page_notices.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    address = f"/t/demo/runs/{run.pk}/steps/2/"
    opened(page, server, owner, address)
    page.keyboard.press("c")
    field = page.get_by_role("textbox", name="Comment on step 2")
    field.fill("Written in a tunnel")
    page.context.set_offline(True)
    field.press("Control+Enter")
    expect(page.get_by_text("Not sent: The server could not be reached.")).to_be_visible()
    expect(field).to_have_value("Written in a tunnel")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator(".branch-step").first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("c")
    expect(page.get_by_text("Your draft is back.")).to_be_visible()
    expect(field).to_have_value("Written in a tunnel")
    field.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Written in a tunnel")
    expect(field).to_have_value("")
    assert Comment.objects.count() == 1


def test_each_step_and_the_run_have_drafts_and_comments_of_their_own(
    page: Page, server: str, team: Team, owner: User, run: Run
) -> None:
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/")
    page.locator(".comments > summary").click()
    page.get_by_role("textbox", name="Comment on step 2").fill("of two")
    page.locator("#step-1").click()
    one = page.get_by_role("textbox", name="Comment on step 1")
    expect(one).to_have_value("")
    page.get_by_role("button", name=re.compile(rf"^Run {run.pk}")).click()
    whole = page.get_by_role("textbox", name=f"Comment on run {run.pk}")
    whole.fill("of the run")
    whole.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("of the run")
    expect(page.locator("summary")).to_contain_text(["0 on this step, 1 on the run"])
    page.get_by_role("button", name=re.compile(r"^Step 1")).click()
    expect(page.get_by_text("Nobody has commented on this yet.")).to_be_visible()
    page.locator("#step-2").click()
    expect(page.get_by_role("textbox", name="Comment on step 2")).to_have_value("of two")


def test_comments_can_be_read_and_written_by_everybody(
    page: Page, server: str, team: Team, owner: User, run: Run
) -> None:
    key = f"{run.pk}:2"
    texts = (
        "# Why\n\n- one\n- two $x^2$\n\n> quoted `code`",
        "שלום עולם, 12.5 English",
        "Antidisestablishmentarianism" * 30,
    )
    for text in texts:
        made = open_thread(team=team, by=owner, kind="step", key=key, text=text, client_uuid=uuid4())
    reply(team=team, by=owner, thread=made.thread_id, text="```\nfor all\n```", client_uuid=uuid4())
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/#comment-{made.pk}")
    expect(page.get_by_role("article").first).to_be_focused(timeout=PATIENCE_MS)
    page.get_by_role("button", name="All threads").click()
    expect(page.get_by_role("article")).to_have_count(4)
    page.get_by_role("button", name="Reply").first.click()
    page.get_by_role("button", name="Preview").first.click()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert [
                fault for fault in faults(page) if "comment" in fault or "prose" in fault or "composer" in fault
            ] == []
    page.locator(".comments").scroll_into_view_if_needed()
    assert visit.overflow(page) == 0
    visit.take_pictures(page, "comments-many")
