"""The scopes are found, and one that is taken away is noticed and put back; without_scope.py takes them all."""

from __future__ import annotations

import pytest

from tests.attacks.asking import Asked, undone
from tests.attacks.mutants import UNREACHED, noticed, reason_for, team_scopes
from tests.attacks.routes import routes
from tests.attacks.scopes import Scope, taken_away, without_sql
from tests.attacks.world import World

KNOWN = (
    "apps/accounts/access.py membership_of: team__slug=slug",
    "apps/accounts/access.py membership_of: user=user.pk",
    "apps/trees/asked.py run_of: team=team",
    "apps/labels/api.py run_labels: team=team",
    "apps/datasets/selectors.py snapshots_of: team=team",
    "apps/datasets/views.py export_file: snapshot__team=team",
    "apps/runs/selectors.py experiments_of: team=team",
    "apps/problems/selectors.py problem_set_of: team=team",
)


def place(scope: Scope) -> str:
    """A scope without its line, which moves."""
    said = str(scope)
    before, _, after = said.partition(":")
    return f"{before} {after.partition(' ')[2]}"


def test_the_known_scopes_are_found() -> None:
    found = {place(scope) for scope in team_scopes()}
    assert [known for known in KNOWN if known not in found] == []


def test_every_scope_that_is_spared_is_there() -> None:
    spared = {key for key in UNREACHED for scope in team_scopes() if reason_for(scope) == UNREACHED[key]}
    assert spared == set(UNREACHED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "known", ["apps/trees/asked.py run_of: team=team", "apps/datasets/selectors.py snapshots_of: team=team"]
)
def test_a_scope_that_is_taken_away_is_noticed_and_put_back(world: World, known: str) -> None:
    scope = next(scope for scope in team_scopes() if place(scope) == known)
    assert noticed(scope, world)
    near = [route for route in routes() if scope.path.parent.name in route.view.__module__]
    with undone():
        for route in near:
            asked = Asked(route, world)
            asked.foreign_things()
            assert asked.breaches == []


def test_taking_a_scope_away_changes_what_is_loaded() -> None:
    for known in KNOWN:
        scope = next(scope for scope in team_scopes() if place(scope) == known)
        with taken_away(scope) as exchanged:
            assert exchanged >= 1, known


def test_a_condition_of_a_statement_is_made_true_and_the_others_stay() -> None:
    statement = "SELECT 1 FROM a WHERE a.team_id = %(team)s AND b.team_id = %s AND c = 1"
    assert without_sql(statement, 0) == "SELECT 1 FROM a WHERE (%(team)s IS NOT NULL) AND b.team_id = %s AND c = 1"
    assert without_sql(statement, 1) == "SELECT 1 FROM a WHERE a.team_id = %(team)s AND (%s IS NOT NULL) AND c = 1"
