"""Whether the matrix notices that a query is no longer kept to its team."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import DatabaseError

from apps.accounts.models import Team
from apps.datasets.files import open_snapshot
from tests.attacks.asking import Asked, undone
from tests.attacks.deaf import heard
from tests.attacks.examples import values
from tests.attacks.routes import Route, routes
from tests.attacks.scopes import Scope, scopes, taken_away
from tests.attacks.sockets import UNKNOWN, answer, socket_routes
from tests.attacks.world import World
from tests.datasets.stored_trees import freeze_here

# Scopes that no address leads through, or whose loss changes no answer, each with why it stands.
NARROW = ("foreign_things", "foreign_bodies", "foreign_queries", "secrets")
_COMMAND = "only commands call it, with a team that was typed"
_TWICE = "the statement says it twice: of the labels and of their runs, so that either can be lost"
_EITHER = "the steps found are looked up by runs of the team, and so either can be lost; tests/trees tries each"
_ITS_OWN = "the problem was found in the team, and its runs are all the team's"
_A_KEY_OF_ONE_TEAM = (
    "its thing was found in the team, and no other team can write of that key; tests/discussions tries it"
)
_TWO_TEAMS = "of people, turns or names that no example has in two teams; tests/labels/test_queue_teams.py tries it"
_HIDES = "it takes runs away, and those of other teams are nowhere to be taken from"
UNREACHED: dict[str, str] = {
    "accounts.founding.found_team": _COMMAND,
    "accounts.services.add_member": _COMMAND,
    "accounts.invitations._take_place": "led to by an invitation and no team's address; tests/accounts tries it",
    "accounts.people.is_last_owner": "counts the owners left; one answer of one member, which tests/accounts tries",
    "datasets.selectors.": _TWICE,
    "labels.gold_making.known_from_turn": "the turn is the asker's own, and its run is looked up in the queue's team",
    "labels.hiding.queues_for": _HIDES,
    "labels.hiding.tasks_to_judge": _HIDES,
    "labels.prelabels.": "of runs that were found in the team; in which maker is meant, the order alone",
    "labels.quality._by_queue": "the names of queues that were found by turns of the team",
    "labels.quality._by_strategy": "names for experiments found by labels of the team; without labels there is no line",
    "labels.quality_gold._queues": "of turns of a person who was found in the team, and they have none elsewhere",
    "labels.quality_people.came_with": "of labels of a person who was found in the team, and they have none elsewhere",
    "labels.quality_rows.turns_of": "adds to numbers and names nobody; tests/labels tries it",
    "labels.quality_rows.settled_of": "kept by the places of steps, which were found in the team",
    "labels.quality_rows._runs_asked_for": "chooses among runs that were found in the team",
    "labels.quality_views._choices": "queues are seen; strategies, which both teams have, are tried in tests/labels",
    "labels.queue_plan._missing": _TWO_TEAMS,
    "labels.queue_progress.done_as_told": _TWO_TEAMS,
    "labels.queue_progress.progress_of": _TWO_TEAMS,
    "labels.queue_standing._state_of": _TWO_TEAMS,
    "labels.queue_steering.place_member": _TWO_TEAMS,
    "labels.queue_views._built_from": _TWO_TEAMS,
    "labels.turn_changes._locked": _TWO_TEAMS,
    "labels.settling_selectors.runs_of": "of steps that were found in dispute in the team",
    "labels.settling_selectors.open_turn_at": "of a run that was found in the team, and its turns are all the team's",
    "labels.bulk_withdrawals._of": "rows named by a hash of the labels' own names, which were found in the team",
    "datasets.services.snapshot_numbered": _COMMAND,
    "discussions.selectors.page_of_threads": _A_KEY_OF_ONE_TEAM,
    "discussions.selectors.counts_below": _A_KEY_OF_ONE_TEAM,
    "discussions.selectors.last_change": _A_KEY_OF_ONE_TEAM,
    "discussions.selectors._about": _A_KEY_OF_ONE_TEAM,
    "discussions.selectors.unseen_count": "a number of one's own on every page; tests/discussions tries it",
    "runs.problem_selectors.runs_on": _ITS_OWN,
    "runs.problem_selectors.answers_on": _ITS_OWN,
    "trees.beside.others_of": _ITS_OWN,
    "trees.team_search._with_words": _EITHER,
    "trees.team_search.runs_of": _EITHER,
    "trees.team_search.has_unsearched_runs": "says one word of one's own runs; tests/trees tries it",
}


def team_scopes() -> list[Scope]:
    """Every scope in apps; whatever answers an address is loaded then, so that its scopes can be taken away."""
    routes()
    socket_routes()
    relations = {relation.get_accessor_name() for relation in Team._meta.related_objects}
    return scopes({relation for relation in relations if relation})


def noticed(scope: Scope, world: World) -> str | None:
    """The first breach the matrix sees without the scope; None where it sees none."""
    try:
        with taken_away(scope) as exchanged, undone():
            return next(_breaches(scope, world), None) if exchanged else None
    except DatabaseError as error:
        return f"a query broke: {error}".splitlines()[0]


def breaches_without_a_change(world: World) -> list[str]:
    """What the looks see while every scope stands: nothing, or being noticed proves nothing."""
    wrong = frozen_alone(world)
    return [*_seen(list(routes()), NARROW, world), *heard_by_sockets(world), *heard(world), *([wrong] if wrong else [])]


def _breaches(scope: Scope, world: World) -> Iterator[str]:
    """What the looks see, the quick ones and those of the scope's own app first."""
    near = [route for route in routes() if f"apps.{scope.path.parent.name}." in f"{route.view.__module__}."]
    far = [route for route in routes() if route not in near]
    yield from _seen(near, NARROW, world)
    # Who belongs to a team at all is seen by the people who ask; everything else by what an owner is given.
    if scope.path.name in {"access.py", "gate.py"}:
        yield from _seen([*near, *far], ("matrix",), world)
    if (wrong := frozen_alone(world)) is not None:
        yield wrong
    yield from heard_by_sockets(world)
    yield from heard(world)
    yield from _seen(far, NARROW, world)


def _seen(some: list[Route], looks: tuple[str, ...], world: World) -> Iterator[str]:
    for route in some:
        asked = Asked(route, world)
        for look in looks:
            getattr(asked, look)()
        yield from asked.breaches


def frozen_alone(world: World) -> str | None:
    """What is wrong with a snapshot of our team; no request of a test can take one, for its transaction is its own."""
    with undone():
        snapshot = freeze_here(world.team)
        with open_snapshot(snapshot.sha256) as lines:
            if world.betrayed(b"".join(lines)):
                return "a snapshot holds what belongs to another team"
        if snapshot.number != world.things["snapshot"] + 1:
            return "snapshots are numbered with those of another team"
    return None


def heard_by_sockets(world: World) -> list[str]:
    """Sockets that tell an owner of a thing of the other team, in sentences."""
    return [
        f"{route}: an owner of one team listens to what belongs to another"
        for route in socket_routes()
        for thing in route.things
        if answer(route.address(values(route, world, foreign=frozenset({thing}))), world.owner) != UNKNOWN
    ]


def reason_for(scope: Scope) -> str | None:
    """Why a scope is not tried; None for one that is."""
    return UNREACHED.get(f"{scope.path.parent.name}.{scope.path.stem}.{scope.function.split('.')[0]}")


def chosen_scopes() -> list[Scope]:
    """Those whose place holds one of the words asked for, or all."""
    words = os.environ.get("BRANCHWISE_SCOPES", "").split()
    return [scope for scope in team_scopes() if not words or any(word in str(scope) for word in words)]
