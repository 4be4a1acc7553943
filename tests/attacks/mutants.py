"""Whether the matrix notices that a query is no longer kept to its team."""

from __future__ import annotations

import os

from django.db import DatabaseError

from apps.accounts.models import Team
from tests.attacks.asking import Asked, undone
from tests.attacks.examples import read_besides
from tests.attacks.routes import Route, routes
from tests.attacks.scopes import Scope, scopes, taken_away
from tests.attacks.world import CANARY, World

# Scopes that no address leads through, or whose loss changes no answer, each with why it stands.
_COMMAND = "only commands call it, with a team that was typed"
_TWICE = "the statement says it twice: of the labels and of their runs, so that either can be lost"
UNREACHED: dict[str, str] = {
    "accounts.founding.found_team": _COMMAND,
    "accounts.services.add_member": _COMMAND,
    "accounts.invitations._take_place": "led to by an invitation and no team's address; tests/accounts tries it",
    "accounts.people.is_last_owner": "counts the owners left; one answer of one member, which tests/accounts tries",
    "datasets.selectors.": _TWICE,
}


def team_scopes() -> list[Scope]:
    """Every scope in apps."""
    relations = {relation.get_accessor_name() for relation in Team._meta.related_objects}
    return scopes({relation for relation in relations if relation})


def noticed(scope: Scope, world: World) -> str | None:
    """The first breach the matrix sees without the scope; None where it sees none. The narrow looks come first."""
    ordered = nearest_first(scope)
    try:
        with taken_away(scope) as exchanged, undone():
            return _first_breach(ordered, world, scope) if exchanged else None
    except DatabaseError as error:
        return f"a query broke: {error}".splitlines()[0]


def _first_breach(ordered: list[Route], world: World, scope: Scope) -> str | None:
    if CANARY.encode() in read_besides(world):
        return "what is frozen holds what belongs to another team"
    # Who belongs to a team at all is seen by the people who ask; everything else by what an owner is given.
    everybody = [("matrix",)] if scope.path.name in {"access.py", "gate.py"} else []
    for looks in (("foreign_things", "foreign_bodies", "foreign_queries", "secrets"), *everybody):
        for route in ordered:
            asked = Asked(route, world)
            for look in looks:
                getattr(asked, look)()
            if asked.breaches:
                return asked.breaches[0]
    return None


def nearest_first(scope: Scope) -> list[Route]:
    """The routes, those of the scope's own app before the others."""
    app = scope.path.parent.name
    return sorted(routes(), key=lambda route: f"apps.{app}." not in f"{route.view.__module__}.")


def reason_for(scope: Scope) -> str | None:
    """Why a scope is not tried; None for one that is."""
    return UNREACHED.get(f"{scope.path.parent.name}.{scope.path.stem}.{scope.function.split('.')[0]}")


def chosen_scopes() -> list[Scope]:
    """Those whose place holds one of the words asked for, or all."""
    words = os.environ.get("BRANCHWISE_SCOPES", "").split()
    return [scope for scope in team_scopes() if not words or any(word in str(scope) for word in words)]
