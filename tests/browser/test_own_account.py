"""One person and their account: a password after a link, a second factor, a theme, a time zone, a key of their own."""

from __future__ import annotations

import re
import time

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from apps.accounts.models import Role, Team, User
from apps.accounts.services import add_member, create_team
from tests.accounts.codes import code_at
from tests.browser import visit
from tests.browser.faults import faults
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "four other words 31"


@pytest.fixture(autouse=True)
def counted() -> None:
    """Nothing counted yet by the server's cache."""
    cache.clear()


def look_at(page: Page, name: str) -> None:
    """Pictures at every width in both themes, nothing cut off, nothing serious for a screen reader."""
    visit.take_pictures(page, name)
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0, (name, width)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert faults(page) == [], name


def fill(page: Page, **values: str) -> None:
    """Write into fields by their labels, where _ stands for a space, and send; returns on the page that comes of it."""
    for label, value in values.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    with page.expect_navigation():
        page.get_by_role("main").locator("button[type=submit]").first.click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_from_a_link_to_a_password_and_a_second_factor(page: Page, server: str, owner: User, team: Team) -> None:
    visit.sign_in(page, server, owner)
    page.get_by_title(re.compile("^Profile of")).click()
    look_at(page, "profile-by-link")
    page.get_by_role("link", name="Set one").click()
    look_at(page, "password-set")
    fill(page, Password=PASSWORD, Password_again=PASSWORD)
    expect(page.get_by_role("status").filter(has_text="Your password is set")).to_be_visible()
    sign_out(page)
    page.get_by_role("link", name="Forgot the password").click()
    look_at(page, "password-reset-without-letters")
    page.get_by_role("link", name="Back to signing in").click()
    fill(page, **{"E-mail": owner.email, "Password": "wrong words 1234"})
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    look_at(page, "sign-in-wrong")
    page.goto("/sign-in/")
    look_at(page, "sign-in")
    fill(page, **{"E-mail": owner.email, "Password": PASSWORD})
    expect(page).to_have_url(f"{server}/t/{team.slug}/experiments/")

    page.goto("/account/second-factor/on/")
    look_at(page, "confirm")
    fill(page, Password=PASSWORD)
    look_at(page, "second-factor-on")
    secret = page.locator("code.secret").inner_text()
    fill(page, Code=code_at(secret, time.time()))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look_at(page, "recovery-codes")
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    look_at(page, "profile-second-factor")
    sign_out(page)
    fill(page, **{"E-mail": owner.email, "Password": PASSWORD})
    look_at(page, "second-factor")
    fill(page, Code=recovery)
    expect(page).to_have_url(f"{server}/t/{team.slug}/experiments/")


def test_theme_and_time_zone_come_along_to_another_browser(page: Page, server: str, owner: User, team: Team) -> None:
    visit.sign_in(page, server, owner)
    page.goto("/profile/")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Your profile is kept.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.context.clear_cookies()
    visit.sign_in(page, server, owner)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # Pressed before its script has come, the button does nothing.
    page.wait_for_selector("[data-behaviour=theme-toggle][data-attached]")
    with page.expect_response("**/profile/theme/") as told:
        page.get_by_role("button", name="Light or dark").click()
    assert told.value.status == 204
    owner.refresh_from_db()
    assert (owner.theme, owner.time_zone) == ("light", "Asia/Tokyo")


def test_a_profile_with_long_words_many_teams_and_another_direction_of_writing_holds(
    page: Page, server: str, owner: User
) -> None:
    User.objects.filter(pk=owner.pk).update(name="عبد الله بن محمد " + "Wolfeschlegelsteinhausenbergerdorff" * 2)
    for number in range(30):
        add_member(
            create_team(f"team-{number}", "Donaudampfschifffahrtsgesellschaft" * 2 + str(number)), owner, Role.VIEWER
        )
    visit.sign_in(page, server, owner)
    page.goto("/profile/")
    look_at(page, "profile-many")


def test_the_zone_of_the_browser_is_offered(page: Page, server: str, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    visit.sign_in(page, server, owner)
    page.goto("/profile/")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")


def test_a_changed_key_acts_on_the_run_page_and_the_shipped_one_no_more(
    page: Page, server: str, owner: User, team: Team, page_notices: visit.Notices
) -> None:
    run = make_run_with_tree(team, [["One.", "Two.", "Three."]])
    visit.sign_in(page, server, owner)
    page.goto("/profile/")
    page_notices.expect("status 400|Failed to load resource")
    page.get_by_label("next step of the branch").fill("k")
    page.get_by_role("button", name="Keep keys").click()
    expect(page.get_by_role("alert")).to_contain_text("is the key for 'previous step of the branch")
    look_at(page, "profile-clash")
    page.get_by_label("next step of the branch").fill("8")
    page.get_by_label("unsure", exact=True).fill("9")
    page.get_by_role("button", name="Keep keys").click()
    expect(page.get_by_text("Your keys are kept.")).to_be_visible()
    page.goto(f"/t/{team.slug}/runs/{run.pk}/steps/1/")
    second = page.get_by_role("listbox", name="Branch").get_by_role("option").nth(1)
    expect(second).to_be_visible()
    expect(page.locator("[data-part=step] strong").first).to_be_visible()
    page.keyboard.press("j")
    expect(second).to_have_attribute("aria-selected", "false")
    page.keyboard.press("8")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="Unsure")).to_contain_text("9")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next step of the branch")
    expect(page.get_by_role("dialog").locator("kbd", has_text=re.compile("^8$"))).to_be_visible()
    look_at(page, "keys-of-a-run")


def test_keys_lead_to_pages_to_the_search_and_nowhere_while_one_writes(
    page: Page, server: str, owner: User, team: Team
) -> None:
    visit.sign_in(page, server, owner)
    visit.wait_for_keys(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look_at(page, "keys-of-a-list")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(f"{server}/t/{team.slug}/datasets/")
    page.goto(f"/t/{team.slug}/people/")
    visit.wait_for_keys(page)
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.goto("/profile/")
    visit.wait_for_keys(page)
    page.get_by_label("Name", exact=True).press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Switch single keys off").check()
    page.get_by_role("button", name="Keep keys").click()
    expect(page.get_by_text("Your keys are kept.")).to_be_visible()
    visit.wait_for_keys(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
