"""Launching in a real browser: the strategy's fields, a preset, a filter, then the experiment; by keys, and without a
script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Team, User
from apps.problems.services import add_problems
from apps.runs.models import Experiment
from tests.browser import visit
from tests.browser.faults import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/t/demo/experiments/new/"


@pytest.fixture
def prepared(team: Team) -> str:
    """An address that says what is to be launched over a set of eight problems, some of their texts hard to lay out."""
    texts = ["מה הוא 1? " * 12, "W" * 300, *(f"What is {n}?" for n in range(3, 9))]
    rows = [{"statement": text, "answer": "1", "difficulty": n} for n, text in enumerate(texts, 1)]
    add_problems(team=team, slug="mixed", name="مجموعة " + "Mixed" * 20, description="", rows=rows)
    return f"{NEW}?strategy=self_consistency&engine=scripted&problems=mixed"


def test_a_preset_and_a_filter_are_launched_and_lead_to_the_experiment(
    page: Page, server: str, owner: User, prepared: str
) -> None:
    visit.sign_in(page, server, owner)
    page.get_by_role("link", name="Launch an experiment").click()
    page.wait_for_load_state()  # the script that answers to changes is there then
    page.get_by_label("Strategy", exact=True).select_option("best_of_n")
    expect(page.get_by_label("Width")).to_have_count(0)
    page.get_by_label("Engine").select_option("scripted")
    page.get_by_label("Scorer").select_option("scripted")
    page.get_by_role("button", name="High n 64").click()
    expect(page.get_by_label("N", exact=True)).to_have_value("64")
    expect(page.get_by_role("button", name="High n 64")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Low n 4").click()
    # What is filled in next is sent with what stands here by then.
    expect(page.get_by_label("N", exact=True)).to_have_value("4")
    page.get_by_label("Difficulty from").fill("4")
    outlook = page.locator("#outlook")
    expect(outlook.locator("dd").first).to_have_text("5")
    expect(outlook).to_contain_text("No earlier runs with this strategy, engine and scorer")
    expect(page).to_have_url(re.compile(r"strategy=best_of_n&.*difficulty_min=4"))
    assert "csrf" not in page.url
    assert "key=" not in page.url
    page.reload()
    expect(page.get_by_label("N", exact=True)).to_have_value("4")
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Best of N on")
    made = Experiment.objects.get()
    assert (made.parameters["n"], made.problem_filter, made.runs.count()) == (4, {"difficulty_min": 4.0}, 5)


def test_what_was_changed_is_said_before_it_is_launched_again(
    page: Page, server: str, owner: User, prepared: str
) -> None:
    visit.sign_in(page, server, owner)
    page.goto(prepared)
    page.get_by_role("button", name="Launch").click()
    page.get_by_role("link", name="Duplicate with changes").click()
    page.wait_for_load_state()
    expect(page.locator("#outlook")).to_contain_text("Nothing yet: the same seed draws the same texts again.")
    page.get_by_label("N", exact=True).fill("9")
    expect(page.get_by_role("row", name="n 16 9")).to_be_visible()
    page.get_by_label("N", exact=True).fill("many")
    expect(page.locator("#outlook")).to_contain_text("Expected a whole number; found 'many'.")
    visit.take_pictures(page, "launch-again")
    page.get_by_label("N", exact=True).fill("9")
    page.get_by_role("button", name="Launch").click()
    expect(page).to_have_url(re.compile(r"/experiments/\d+/$"))
    assert sorted(one.parameters["n"] for one in Experiment.objects.all()) == [9, 16]


def test_enter_in_a_field_launches_nothing_and_a_mistake_keeps_what_was_typed(
    page: Page, server: str, owner: User, prepared: str, page_notices: visit.Notices
) -> None:
    page_notices.expect("400")
    visit.sign_in(page, server, owner)
    page.goto(prepared)
    page.get_by_label("Temperature").fill("hot")
    page.keyboard.press("Enter")
    expect(page.locator("#launch-temperature_error")).to_have_text("Expected a number; found 'hot'.")
    expect(page.get_by_label("Temperature")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name").fill("Kept")
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_label("Name")).to_have_value("Kept")
    expect(page.get_by_label("Temperature")).to_have_value("hot")
    assert not Experiment.objects.exists()


def test_without_a_script_a_button_swaps_the_parameters(
    browser: Browser, server: str, owner: User, prepared: str
) -> None:
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        page = context.new_page()
        visit.sign_in(page, server, owner)
        page.goto(prepared)
        page.get_by_label("Strategy", exact=True).select_option("beam")
        page.get_by_role("button", name="Show its parameters").click()
        expect(page.get_by_label("Width")).to_have_value("4")
        page.get_by_label("Scorer").select_option("scripted")
        page.get_by_role("button", name=re.compile("^Low")).click()
        expect(page.get_by_label("Width")).to_have_value("2")
        page.get_by_role("button", name="Launch").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Beam search on")
    assert Experiment.objects.get().parameters["width"] == 2


def test_the_pages_fit_every_width_and_every_reader(page: Page, server: str, owner: User, prepared: str) -> None:
    visit.sign_in(page, server, owner)
    for name, address in (("launch", NEW), ("launch-filled", f"{prepared}&n=0&budget_tokens=x")):
        page.goto(address)
        visit.take_pictures(page, name)
        for width, height in visit.WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert visit.overflow(page) == 0, (name, width)
        assert faults(page) == []
