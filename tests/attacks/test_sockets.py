"""Who may listen to what: every socket the application serves, as everybody; and from whose pages."""

from __future__ import annotations

import sys

import pytest

from tests.attacks.examples import values
from tests.attacks.routes import Route, forgotten
from tests.attacks.sockets import TOLD, UNKNOWN, answer, socket_routes, wanted
from tests.attacks.world import MISSING, World

pytestmark = pytest.mark.django_db
SOCKETS = [pytest.param(route, id=str(route)) for route in socket_routes()]


def address(route: Route, world: World, **changed: frozenset[str]) -> str:
    return route.address(values(route, world, **changed))


def test_there_are_sockets_to_try() -> None:
    assert len(SOCKETS) >= 2


@pytest.mark.parametrize("route", SOCKETS)
def test_every_socket_says_who_may_have_it(route: Route) -> None:
    assert forgotten(route) is None


@pytest.mark.parametrize("route", SOCKETS)
def test_everybody_hears_what_the_table_of_rights_has_for_them(route: Route, world: World) -> None:
    people = world.people.values()
    heard = {person.name: answer(address(route, world), person) for person in people}
    sys.stdout.write(f"\nsockets: {route} × {len(heard)} people\n")
    assert heard == {person.name: wanted(route, person) for person in people}


@pytest.mark.parametrize("route", SOCKETS)
def test_what_belongs_to_another_team_is_unknown_like_what_is_not_there(route: Route, world: World) -> None:
    for thing in route.things:
        for place in ("foreign", "missing"):
            assert answer(address(route, world, **{place: frozenset({thing})}), world.owner) == UNKNOWN
    elsewhere = {**values(route, world), "team": MISSING["slug"]}
    assert answer(route.address(elsewhere), world.owner) == UNKNOWN


@pytest.mark.parametrize("route", SOCKETS)
def test_only_pages_of_our_own_hosts_may_open_one(route: Route, world: World) -> None:
    place = address(route, world)
    for origin in (
        None,
        "null",
        "http://evil.example",
        "http://testserver.evil.example",
        "http://evil.example/testserver",
        "http://testserver:8888",
        "http://testserver:80.evil.example",
        "http://testserver@evil.example",
        "ftp://testserver",
    ):
        assert answer(place, world.owner, origin=origin) == 403
    assert answer(place, world.owner) == TOLD


def test_an_address_nobody_knows_is_never_accepted(world: World) -> None:
    for place in ("/ws/", "/ws/t/ours/", "/", "/api/t/ours/runs/1/tree", "/ws/t/ours/runs/1/../../../x"):
        assert answer(place, world.owner) == 403
