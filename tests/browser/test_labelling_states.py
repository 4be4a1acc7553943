"""What stands on the labelling page besides rows: proposals, the guideline, other states; at each width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from apps.accounts.models import Team, User
from apps.labels.models import (
    Assignment,
    Guideline,
    GuidelineReading,
    GuidelineVersion,
    Label,
    LabelQueue,
    Prelabel,
)
from apps.runs.models import Maker, Run
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue, address_of, begin, current, rows, standing, turn_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHORT = ("One apple.", "Two apples.", "Three apples.")
HARD = ("שלום עולם, זהו צעד מימין לשמאל: $x^2 = 4$", "Antidisestablishmentarianism" * 9, r"<b>$\frac{1}{2}$</b> " * 30)


def with_proposals(queue: LabelQueue) -> None:
    """A judge elsewhere proposes a verdict on the first two steps of the queue's first task."""
    run = Run.objects.get(label_tasks__queue=queue)
    maker = Maker.objects.create(kind="scorer", key="a-judge", version="1")
    LabelQueue.objects.filter(pk=queue.pk).update(prelabel_maker=maker)
    for number, verdict in ((1, "good"), (2, "good")):
        Prelabel.objects.create(team=queue.team, run=run, number=number, maker=maker, verdict=verdict)


def with_guideline(queue: LabelQueue, reader: User) -> Guideline:
    """A guideline of which the reader has read the first version, and the second has to be read."""
    made = Guideline.objects.create(team=queue.team, name="Steps of algebra")
    first = GuidelineVersion.objects.create(guideline=made, number=1, text="Good is **correct**.")
    GuidelineVersion.objects.create(
        guideline=made, number=2, text="Good is **correct**.\n\nA slip such as $2 + 2 = 5$ is bad.", summary="Slips."
    )
    GuidelineReading.objects.create(version=first, user=reader)
    LabelQueue.objects.filter(pk=queue.pk).update(guideline=made)
    return made


def test_a_proposal_counts_only_once_it_is_confirmed_or_changed(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [SHORT])
    with_proposals(queue)
    begin(page, server, colleague, queue)
    expect(rows(page).first).to_contain_text("proposed: good")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=foot-said]")).to_have_text("1 proposal of 2 rows still to be confirmed or changed.")
    expect(current(page)).to_have_attribute("data-key", "step-1")
    page.keyboard.press("m")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    assert standing(queue, colleague) == {1: "good", 2: "bad", 3: "good"}
    proposed = dict(Label.objects.values_list("number", "prelabel"))
    assert proposed == {1: "good", 2: "good", 3: ""}
    expect(page.locator(".label-summary")).to_contain_text("1 task done on this visit")


def test_a_new_version_of_the_guideline_is_read_before_one_goes_on(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [SHORT])
    with_guideline(queue, colleague)
    visit.sign_in(page, server, colleague)
    page.goto(address_of(queue))
    expect(page.get_by_role("heading", name="Read the guideline first")).to_be_visible()
    assert faults(page) == []
    visit.take_pictures(page, "labelling-must-read", widths=(1440, 390))
    page.get_by_role("button", name="I have read version 2").click()
    expect(current(page)).to_be_focused()
    aside = page.locator("[data-part=guideline-aside]")
    expect(aside).to_contain_text("A slip such as")
    visit.take_pictures(page, "labelling-guideline")
    page.keyboard.press("q")
    page.reload()
    expect(current(page)).to_be_focused()
    expect(aside).to_be_hidden()
    assert faults(page) == []


def test_a_critique_is_kept_and_a_skip_asks_why(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [SHORT])
    begin(page, server, colleague, queue)
    page.keyboard.press("c")
    page.keyboard.type("It counts 1 apple too few.")
    page.keyboard.press("Escape")
    expect(current(page)).to_be_focused()
    expect(rows(page).first).to_contain_text("why: It counts 1 apple too few.")
    page.keyboard.press("S")
    expect(page.get_by_role("dialog", name="Skip this task")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.reason) == (Assignment.State.SKIPPED, "I know too little of this")
    assert Label.objects.get().critique == "It counts 1 apple too few."


def test_a_submitted_turn_is_read_and_opened_again(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [SHORT])
    begin(page, server, colleague, queue)
    for key in ("3", "3", "3", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    page.goto(f"/t/demo/labelling/turns/{turn_of(queue, colleague).pk}/")
    expect(page.locator("[data-part=foot-said]")).to_have_text("This task is submitted.")
    page.keyboard.press("1")
    expect(page.locator("[data-part=announce]")).to_have_text("This task is submitted. Open it again to change it.")
    assert faults(page) == []
    page.get_by_role("button", name="Open again").click()
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    wait_until_saved(page)
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    assert turn_of(queue, colleague).finish == Assignment.Finish.FOUND_ERROR


def test_the_page_asks_nothing_of_the_run_and_is_whole_at_every_width(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.removeprefix(server))

    page.on("request", note)
    queue = a_queue(team, [[*TEN_STEPS[:3], *HARD, *TEN_STEPS[6:]]])
    with_proposals(queue)
    begin(page, server, colleague, queue)
    page.keyboard.press("1")
    page.keyboard.press("x")
    page.keyboard.press("2")
    wait_until_saved(page)
    api = {address for address in asked if address.startswith("/api/")}
    assert api
    assert all(re.match(r"/api/t/demo/labelling/(queues/\d+/next|turns/\d+/labels)$", address) for address in api)
    visit.take_pictures(page, "labelling")
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == []


def test_a_paused_queue_says_so(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [SHORT], state=LabelQueue.State.PAUSED)
    visit.sign_in(page, server, colleague)
    page.goto(address_of(queue))
    expect(page.get_by_role("heading", name="This queue is paused")).to_be_visible()
    assert faults(page) == []
    visit.take_pictures(page, "labelling-paused", widths=(1440, 390))


def test_the_list_of_what_is_not_saved_opens_where_nothing_can_be_fetched(
    page: Page, server: str, page_notices: visit.Notices, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [SHORT])
    begin(page, server, colleague, queue)
    page_notices.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.locator("[data-part=saved]").click()
    expect(page.get_by_role("dialog", name="Not saved yet")).to_contain_text("Step 1: bad")
    page.context.set_offline(False)
    expect(page.get_by_role("dialog")).to_contain_text("All you said is saved.")
