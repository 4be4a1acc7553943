"""Who may what, over every route, method and person; the routes say it themselves, so a new one is tried unasked."""

from __future__ import annotations

import sys

import pytest

from tests.attacks.asking import Asked
from tests.attacks.deaf import heard
from tests.attacks.examples import SENT
from tests.attacks.routes import METHODS, Route, forgotten, routes, team_routes
from tests.attacks.world import World

pytestmark = pytest.mark.django_db
ROUTES = [pytest.param(route, id=str(route)) for route in routes()]
counted: dict[str, int] = {}


@pytest.mark.parametrize("route", ROUTES)
def test_every_address_says_who_may_have_it(route: Route) -> None:
    assert forgotten(route) is None


@pytest.mark.parametrize("route", ROUTES)
def test_everybody_is_answered_as_the_table_of_rights_has_it(route: Route, world: World) -> None:
    asked = Asked(route, world)
    asked.matrix()
    counted[str(route)] = asked.cells
    assert asked.breaches == []


@pytest.mark.parametrize("route", ROUTES)
def test_what_belongs_to_another_team_is_not_there(route: Route, world: World) -> None:
    asked = Asked(route, world)
    asked.foreign_things()
    asked.foreign_bodies()
    asked.foreign_queries()
    asked.secrets()
    assert asked.breaches == []


def test_no_page_of_a_team_tells_that_another_has_grown(world: World) -> None:
    assert heard(world) == []


def test_every_address_that_takes_a_body_has_an_example_of_one(world: World) -> None:
    bare = [
        f"{route}: put what is sent to it when it is used rightly into SENT of tests/attacks/examples.py"
        for route in team_routes()
        if route.name not in SENT and world.owner.ask("POST", Asked(route, world).address).status_code != 405
    ]
    assert bare == []


def test_the_matrix_has_as_many_cells_as_there_are_routes_methods_and_people(world: World) -> None:
    if len(counted) < len({str(route) for route in routes()}):
        pytest.skip("Only a part of the routes was asked for.")
    figure = f"{len(ROUTES)} routes × {len(METHODS)} methods × {len(world.people)} people"
    cells = sum(counted.values())
    sys.stdout.write(f"\nmatrix: {figure} = {cells} cells\n")
    assert cells == len(ROUTES) * len(METHODS) * len(world.people)
