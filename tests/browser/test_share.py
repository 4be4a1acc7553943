"""What a reader takes away from the tree page: links, pictures, steps and branches as Markdown."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def opened(page: Page, server: str, owner: User, team: Team) -> Page:
    """The page of a run, its second step selected; the browser lends its clipboard."""
    run = make_run_with_tree(team, [["First, $x^2$.", "Then.", "So <7>."], ["Other."]])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/runs/{run.pk}/steps/2/")
    expect(page.locator("[data-part=step] strong").first).to_have_text("Step 2")
    return page


def copied(page: Page) -> str:
    text = page.evaluate("navigator.clipboard.readText()")
    assert isinstance(text, str)
    return text


def choose(page: Page, name: str) -> None:
    page.locator("summary", has_text="Share").click()
    page.get_by_role("button", name=name).click()


def test_a_link_leads_back_to_what_is_shown(opened: Page) -> None:
    opened.locator("[data-part=colour]").select_option("depth")
    opened.keyboard.press("Escape")
    opened.locator("[data-part=canvas]").focus()
    opened.keyboard.press("j")
    expect(opened.locator("[data-part=step] strong").first).to_have_text("Step 3")
    opened.keyboard.press("y")
    expect(opened.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    link = copied(opened)
    opened.goto(link)
    expect(opened.locator("[data-part=step] strong").first).to_have_text("Step 3")
    expect(opened.locator("[data-part=colour]")).to_have_value("depth")


def test_step_and_branch_are_copied_as_they_were_written(opened: Page) -> None:
    choose(opened, "Copy the step as Markdown")
    expect(opened.get_by_role("status").filter(has_text="Step 2 copied")).to_be_visible()
    assert "> Then." in copied(opened)
    assert "/steps/2/" in copied(opened)
    choose(opened, "Copy the branch as Markdown")
    expect(opened.get_by_role("status").filter(has_text="Branch of 3 steps copied")).to_be_visible()
    branch = copied(opened)
    assert [line for line in branch.splitlines() if line.startswith("> ")] == [
        "> What is 1?",
        "> First, $x^2$.",
        "> Then.",
        "> So <7>.",
        "> So <7>.",
    ]
    assert "**Answer** (right, by exact_text)" in branch


def test_the_picture_is_saved_as_png_and_as_svg(opened: Page, tmp_path: Path) -> None:
    with opened.expect_download() as png:
        choose(opened, "Save the picture as PNG")
    png.value.save_as(tmp_path / "tree.png")
    assert (tmp_path / "tree.png").read_bytes().startswith(PNG)
    with opened.expect_download() as svg:
        choose(opened, "Save the picture as SVG")
    svg.value.save_as(tmp_path / "tree.svg")
    root = ElementTree.parse(tmp_path / "tree.svg").getroot()  # noqa: S314 - it reads what our own page wrote
    names = [element.tag.rpartition("}")[2] for element in root]
    assert names.count("path") >= 3
    assert "factory-scorer" in (root.findtext("{http://www.w3.org/2000/svg}title") or "")
    assert svg.value.suggested_filename.endswith(".svg")


def test_without_a_clipboard_the_text_is_shown_to_be_copied_by_hand(opened: Page) -> None:
    opened.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    choose(opened, "Copy the step as Markdown")
    dialog = opened.get_by_role("dialog", name="Copy this")
    expect(dialog.get_by_label("Text to copy")).to_be_focused()
    assert "> Then." in dialog.get_by_label("Text to copy").input_value()
