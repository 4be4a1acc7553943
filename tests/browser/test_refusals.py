"""What somebody may not do is not offered to them on any page, and its address says so; by role, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.attacks.examples import values
from tests.attacks.routes import Route, routes
from tests.attacks.world import ROLES, World, build
from tests.browser.beside import another
from tests.browser.world import enter, pages_of, ways_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return build()


def team_pages(world: World) -> list[Route]:
    """The addresses of a team that a browser opens; what is only posted to is none of them."""
    pages = [route for route in routes() if "team" in route.arguments and not route.is_api]
    return [page for page in pages if world.owner.ask("GET", page.address(values(page, world))).status_code != 405]


def test_every_button_and_link_of_every_page_leads_where_its_reader_may_go(
    browser: Browser, server: str, world: World
) -> None:
    offered = []
    for role in ROLES:
        person = world.people[role]
        with another(browser, server) as page:
            enter(page.context, server, person)
            for address in pages_of(world, person):
                page.goto(address)
                page.wait_for_load_state("load")
                ways = [way for way in ways_of(page, server) if way.verb and not person.may(way.verb)]
                offered += [f"{address} offers the {role} {way.method} {way.address}" for way in ways]
    assert offered == []


def test_who_may_not_open_a_page_is_told_so_and_who_is_of_another_team_is_told_nothing(
    browser: Browser, server: str, world: World
) -> None:
    for name in ("annotator", "viewer", "stranger"):
        person = world.people[name]
        wanted = "Your role does not allow this" if person.role else "Nothing is at this address"
        refused = [route for route in team_pages(world) if not person.role or not person.may(route.verb_for("GET"))]
        assert refused
        with another(browser, server, expected="40[34]") as page:
            enter(page.context, server, person)
            for route in refused:
                page.goto(route.address(values(route, world)))
                expect(page.get_by_role("heading", name=wanted)).to_be_visible()


def test_who_has_not_signed_in_is_led_to_the_sign_in_page_and_back(browser: Browser, server: str, world: World) -> None:
    with another(browser, server) as page:
        for route in team_pages(world):
            address = route.address(values(route, world))
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
            assert "/sign-in/?next=" in page.url, address
