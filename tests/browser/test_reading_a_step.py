"""What one reads of a step: its answer apart from its reasoning, its tokens with what else might have stood there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.playing import PlayedRun
from workers.search.events import TokenTrace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOADED_MS = 30_000
TOKENS = 4_500
TEXT = "ab" * TOKENS
LIKELY = (("zz", -0.25), ("ab", -2.0))
TRACE = TokenTrace(
    ids=tuple(range(TOKENS)),
    lengths=(2,) * TOKENS,
    logprobs=(-2.0,) * TOKENS,
    entropies=(0.5,) * TOKENS,
    alternatives=(LIKELY, *(((),) * (TOKENS - 1))),
)


@pytest.fixture
def played(team: Team) -> PlayedRun:
    """A run that is still played: a thought through two steps, then an answer; beside it a step of many tokens."""
    run = PlayedRun(team)
    run.claim()
    first = run.step(0, "<think>First $2+2$.", 0.5)
    second = run.step(first, "Still thinking.</think>\nSo it is 4.", 0.5)
    run.step(second, "Therefore \\boxed{4}.", 0.5)
    run.step(first, TEXT, 0.5, tokens=TOKENS, generated=TOKENS, computed=TOKENS, trace=TRACE)
    return run


@pytest.fixture
def reader(page: Page, server: str, owner: User, played: PlayedRun) -> Page:
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{played.run.pk}/steps/3/")
    expect(page.locator(".branch-step")).to_have_count(3, timeout=LOADED_MS)
    return page


def test_one_key_leaves_the_answers_and_hides_the_reasoning_that_still_comes(reader: Page, played: PlayedRun) -> None:
    texts = reader.locator(".branch-text")
    expect(texts.nth(0)).to_contain_text("First")
    reader.keyboard.press("r")
    expect(texts.nth(0)).to_have_text("Reasoning hidden · 19 characters")
    expect(texts.nth(1)).to_contain_text("So it is 4.")
    expect(texts.nth(1)).not_to_contain_text("Still thinking")
    expect(texts.nth(2)).to_contain_text("Therefore")
    expect(reader.get_by_role("button", name="Hide reasoning")).to_have_attribute("aria-pressed", "true")
    reader.reload()
    expect(texts.nth(0)).to_have_text("Reasoning hidden · 19 characters", timeout=LOADED_MS)
    played.step(3, "<think>Wait.", 0.5)
    picture = reader.locator("[data-part=canvas]")
    expect(picture).to_have_attribute("aria-label", re.compile("5 steps"), timeout=LOADED_MS)
    reader.keyboard.press("l")
    expect(texts.nth(3)).to_have_text("Reasoning hidden · 12 characters")
    reader.keyboard.press("r")
    expect(texts.nth(3)).to_have_text("<think>Wait.")


def test_what_else_might_have_stood_there_shows_for_pointer_and_focus_and_goes_with_escape(reader: Page) -> None:
    reader.goto(reader.url.replace("steps/3/", "steps/4/"))
    first = reader.locator(".token").first
    rivals = reader.locator(".token-alternatives")
    expect(first).to_be_attached(timeout=LOADED_MS)
    expect(rivals).to_be_hidden()
    first.hover()
    expect(rivals.locator(".alternative")).to_have_text([re.compile(r"zz\s*0\.779"), re.compile(r"▸ab\s*0\.135")])
    reader.locator("h1").dispatch_event("pointerover")
    reader.mouse.move(5, 5)
    expect(rivals).to_be_hidden()
    first.focus()
    expect(rivals).to_be_visible()
    expect(reader.locator(".token-value")).to_contain_text("The likeliest here: “zz” 0.779; “ab” 0.135, drawn.")
    reader.keyboard.press("Escape")
    expect(rivals).to_be_hidden()


def test_a_long_strip_of_tokens_has_pages_that_a_keyboard_turns(reader: Page) -> None:
    reader.goto(reader.url.replace("steps/3/", "steps/4/"))
    tokens, pager = reader.locator(".token"), reader.locator(".token-pager")
    expect(tokens).to_have_count(2_000, timeout=LOADED_MS)
    expect(pager).to_contain_text("1 to 2,000 of 4,500")
    pager.get_by_role("button", name="Next").press("Enter")
    expect(pager).to_contain_text("2,001 to 4,000 of 4,500")
    expect(tokens.first).to_be_focused()
    pager.get_by_role("button", name="Next").click()
    expect(tokens).to_have_count(500)
    expect(pager.get_by_role("button", name="Next")).to_be_disabled()
    reader.get_by_role("button", name="Off", exact=True).click()
    expect(reader.locator(".token-strip")).to_have_attribute("aria-label", "Tokens")


def test_a_text_of_a_megabyte_in_one_line_is_read_by_its_beginning_and_the_page_answers(
    reader: Page, played: PlayedRun
) -> None:
    played.step(1, "x" * 1_000_000, 0.5)
    reader.goto(reader.url.replace("steps/3/", "steps/5/"))
    text = reader.locator(".branch-text").nth(1)
    expect(text).to_contain_text("The first 20,000 characters of 1,000,000 characters", timeout=LOADED_MS)
    assert text.evaluate("element => element.textContent.length") < 21_000
    reader.keyboard.press("k")
    expect(reader.locator(".step-head strong")).to_have_text("Step 1")
