"""The outline: the same tree as the picture, read and walked without a mouse, however many steps it has."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.faults import faults
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRANCHES = [["First.", "Then.", "So 7."], ["Other.", "Else."], ["مرحبا", "<b>bold</b>"]]


def outlined(page: Page, server: str, owner: User, address: str) -> None:
    visit.sign_in(page, server, owner)
    page.goto(address)
    expect(page.get_by_role("tree", name="Outline of the tree")).to_be_visible()


def test_every_step_is_a_row_with_its_level_and_place(page: Page, server: str, owner: User, team: Team) -> None:
    run = make_run_with_tree(team, BRANCHES)
    outlined(page, server, owner, f"/t/{team.slug}/runs/{run.pk}/?view=outline")
    rows = page.get_by_role("treeitem")
    expect(rows).to_have_count(7)
    expect(rows.nth(0)).to_contain_text("First.")
    expect(rows.nth(6)).to_contain_text("<b>bold</b>")
    told = [
        [int(row.get_attribute(f"aria-{name}") or 0) for name in ("level", "posinset", "setsize")] for row in rows.all()
    ]
    assert told == [[1, 1, 3], [2, 1, 1], [3, 1, 1], [1, 2, 3], [2, 1, 1], [1, 3, 3], [2, 1, 1]]
    expect(rows.nth(2).get_by_role("img", name="right answer")).to_be_visible()
    expect(rows.nth(4).get_by_role("img", name="wrong answer")).to_be_visible()
    visit.take_pictures(page, "outline")


def test_arrows_walk_fold_and_unfold_as_trees_do(page: Page, server: str, owner: User, team: Team) -> None:
    run = make_run_with_tree(team, BRANCHES)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/runs/{run.pk}/steps/1/")
    expect(page.locator("[data-part=step] strong").first).to_have_text("Step 1")
    page.keyboard.press("o")
    tree = page.get_by_role("tree", name="Outline of the tree")
    expect(tree).to_be_focused()
    selected = tree.get_by_role("treeitem", selected=True)
    for key, step in [("ArrowDown", 2), ("ArrowRight", 3), ("End", 7), ("Home", 1)]:
        page.keyboard.press(key)
        expect(selected).to_have_id(f"outline-{step}")
        expect(tree).to_have_attribute("aria-activedescendant", f"outline-{step}")
    page.keyboard.press("ArrowLeft")
    expect(selected).to_have_attribute("aria-expanded", "false")
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    page.keyboard.press("ArrowDown")
    expect(selected).to_have_id("outline-4")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(tree.get_by_role("treeitem")).to_have_count(7)
    expect(page).to_have_url(re.compile("view=outline"))
    page.keyboard.press("o")
    expect(tree).to_be_hidden()


def test_a_long_tree_has_only_the_rows_in_view_and_is_walked_to_its_end(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = make_run_with_tree(team, [[f"Branch {at}.", f"End {at}."] for at in range(1500)])
    outlined(page, server, owner, f"/t/{team.slug}/runs/{run.pk}/?view=outline")
    rows = page.get_by_role("treeitem")
    expect(rows.first).to_contain_text("Branch 0.")
    assert rows.count() < 100
    page.get_by_role("tree", name="Outline of the tree").focus()
    page.keyboard.press("End")
    expect(page.get_by_role("treeitem", selected=True)).to_contain_text("End 1499.")
    assert rows.count() < 100


def test_the_outline_has_no_serious_finding(page: Page, server: str, owner: User, team: Team) -> None:
    run = make_run_with_tree(team, BRANCHES)
    outlined(page, server, owner, f"/t/{team.slug}/runs/{run.pk}/?view=outline")
    expect(page.get_by_role("treeitem").first).to_contain_text("First.")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(page) == []
