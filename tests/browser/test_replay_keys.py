"""The replay by keyboard alone, and while its run is still played: who looks back stays where they are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.playing import PlayedRun
from tests.browser.replaying import PATIENCE_MS, Replay
from workers.search.events import StepPruned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def played(team: Team) -> PlayedRun:
    """A run under way: of three steps one was given up at event 8; the best was continued twice, one given up at 13."""
    run = PlayedRun(team)
    run.claim()
    for score in (0.25, 0.5, 0.75):
        run.step(0, f"start {score}", score)
    run.prune(1, "not among the best 2 of 3")
    run.step(3, "on", 0.5)
    run.step(3, "off", 0.125)
    run.prune(5, "not among the best 1 of 2")
    return run


@pytest.fixture
def open_run(page: Page, server: str, owner: User, played: PlayedRun) -> Callable[..., Replay]:
    """Sign in and open the run's page, or what stands below it."""
    visit.sign_in(page, server, owner)

    def opened(tail: str = "") -> Replay:
        page.goto(f"/t/demo/runs/{played.run.pk}/{tail}")
        branch = page.get_by_role("listbox", name="Branch")
        expect(branch.get_by_role("option")).not_to_have_count(0, timeout=PATIENCE_MS)
        return Replay(page)

    return opened


def test_decisions_are_walked_and_a_birth_is_gone_to_by_one_key_each(
    page: Page, open_run: Callable[..., Replay]
) -> None:
    replay = open_run("steps/3/")
    said = page.locator("[data-part=announce]")
    page.keyboard.press(",")
    replay.at("Decision 2 of 2: prune 1 of 2")
    expect(said).to_have_text("Decision 2 of 2: prune 1 of 2")
    expect(replay.why).to_have_text("not among the best 1 of 2")
    assert [(row.step, row.score, row.fate[:1]) for row in replay.rows()] == [(4, "0.500", "→"), (5, "0.125", "✕")]
    page.keyboard.press(",")
    replay.at("Decision 1 of 2: prune 1 of 3")
    assert [row.step for row in replay.rows()] == [3, 2, 1]
    page.keyboard.press("b")
    replay.at("Event 6, before the first decision")
    page.keyboard.press(".")
    replay.at("Decision 1 of 2: prune 1 of 3")
    page.keyboard.press(".")
    page.keyboard.press(".")
    replay.at("Now: 2 decisions made")
    page.keyboard.press(".")
    replay.at("Now: 2 decisions made")


def test_the_slider_has_the_keys_of_a_slider_and_says_where_it_stands(
    page: Page, open_run: Callable[..., Replay]
) -> None:
    replay = open_run("?at=8").ready()
    replay.slider.focus()
    expect(replay.slider).to_have_attribute("aria-valuetext", "Decision 1 of 2: prune 1 of 3")
    page.keyboard.press("End")
    expect(replay.slider).to_have_attribute("aria-valuetext", "Now: 2 decisions made")
    page.keyboard.press("ArrowLeft")
    expect(replay.slider).to_have_attribute("aria-valuetext", "Decision 2 of 2: prune 1 of 2")
    page.keyboard.press("Home")
    expect(replay.slider).to_have_attribute("aria-valuetext", "The beginning")
    expect(page).to_have_url(re.compile(r"[?&]at=0\b"))
    assert faults(page) == []


def test_space_plays_to_the_end_and_presses_a_button_that_has_the_focus(
    page: Page, open_run: Callable[..., Replay]
) -> None:
    replay = open_run("?at=0").ready()
    page.get_by_label("Speed").select_option("0.5")
    play = page.get_by_role("button", name="Play the search")
    pause = page.get_by_role("button", name="Pause")
    play.focus()
    page.keyboard.press("Space")
    # Had the page's key played too, it would be paused again.
    expect(pause).to_be_visible()
    page.keyboard.press("Space")
    expect(play).to_be_visible()
    page.get_by_label("Speed").select_option("8")
    page.locator("[data-part=canvas]").focus()
    page.keyboard.press("Space")
    replay.at("Now: 2 decisions made")
    expect(play).to_be_visible()
    expect(page).not_to_have_url(re.compile("at="))
    replay.now.focus()


def test_who_wants_no_motion_sees_decisions_one_after_the_other(page: Page, open_run: Callable[..., Replay]) -> None:
    page.emulate_media(reduced_motion="reduce")
    replay = open_run("?at=0").ready()
    page.evaluate(
        """() => {
          window.moments = new Set();
          const slider = document.querySelector("[data-part=replay-slider]");
          const note = () => window.moments.add(slider.getAttribute("aria-valuetext"));
          new MutationObserver(note).observe(slider, { attributes: true });
        }"""
    )
    # So slow that no decision passes between two frames, however late a frame comes (lib/playing.js).
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play the search").click()
    replay.at("Now: 2 decisions made")
    moments = page.evaluate("() => [...window.moments]")
    assert [words.split(":")[0] for words in moments] == ["Decision 1 of 2", "Decision 2 of 2", "Now"]


def test_a_selection_stays_while_it_plays_unless_decisions_are_followed(
    page: Page, open_run: Callable[..., Replay]
) -> None:
    replay = open_run("steps/2/?at=0").ready()
    selected = page.locator("[role=option][aria-selected=true]")
    page.keyboard.press(".")
    replay.at(re.compile("^Decision 1"))
    expect(selected).to_contain_text("start 0.5")
    page.get_by_role("checkbox", name="Follow decisions").check()
    expect(selected).to_contain_text("start 0.75")
    page.get_by_role("button", name="One decision on").click()
    expect(selected).to_contain_text("on")


def test_what_grows_moves_nobody_who_looks_back_and_is_there_when_they_come_to_now(
    page: Page, played: PlayedRun, open_run: Callable[..., Replay]
) -> None:
    replay = open_run("?at=8").ready().at("Decision 1 of 2: prune 1 of 3")
    expect(page.locator("[data-part=live]")).to_contain_text("live")
    last = played.step(4, "the answer is 4", 0.875, terminal=True)
    other = played.step(4, "the answer is 3", 0.25, terminal=True)
    played.commit([played.event(StepPruned, other, "not among the best 1 of 2")])
    replay.at("Decision 1 of 3: prune 1 of 3")
    expect(replay.slider).to_have_attribute("max", "4")
    expect(page).to_have_url(re.compile(r"[?&]at=8\b"))
    played.finish(last, "4")
    replay.at("Decision 1 of 4: prune 1 of 3")
    page.keyboard.press(".")
    page.keyboard.press(".")
    replay.at("Decision 3 of 4: prune 1 of 2")
    page.keyboard.press(".")
    replay.at(f"Decision 4 of 4: choose step {last}")
    replay.now.click()
    replay.at("Now: 4 decisions made")


def test_events_that_do_not_come_are_asked_for_again(
    page: Page, open_run: Callable[..., Replay], page_notices: visit.Notices
) -> None:
    page_notices.expect(r"status 503|console error .*Failed to load resource")
    log = re.compile(r"/api/.*/events")
    page.route(log, lambda route: route.fulfill(status=503, content_type="text/plain", body="away"))
    replay = open_run("?at=8")
    expect(page.locator("[data-part=replay-failure]")).to_contain_text("The events of this search did not come.")
    expect(replay.words).to_have_text("Event 8")
    page.unroute(log)
    page.get_by_role("button", name="Try again").click()
    replay.ready().at("Decision 1 of 2: prune 1 of 3")
