"""Whether a team can tell what goes on in another: its pages are the same before and after that one grows."""

from __future__ import annotations

from django.core.cache import cache

from tests.attacks.asking import difference, told, undone
from tests.attacks.examples import values
from tests.attacks.routes import Route, team_routes
from tests.attacks.world import World, grow

# What a page is asked beside its bare address, so that it has something to say: sums over earlier runs.
QUERIES = {"runs:new": "?strategy=best_of_n&engine=scripted&scorer=scripted&problems=set-own"}


def heard(world: World) -> list[str]:
    """What of our team's pages changes when the other team has more of everything, in sentences."""
    with undone():
        before = {str(route): _page(world, route) for route in team_routes()}
        grow(world)
        after = {str(route): _page(world, route) for route in team_routes()}
    return [
        f"{name}: tells of {difference(before[name], after[name])}" for name in before if before[name] != after[name]
    ]


def _page(world: World, route: Route):  # type: ignore[no-untyped-def]  # as `told` has it
    cache.clear()
    return told(world.owner.ask("GET", route.address(values(route, world)) + QUERIES.get(str(route), "")))
