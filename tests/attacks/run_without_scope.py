"""Every scope taken away in turn before the matrix; read by without_scope.py alone, since it takes minutes."""

from __future__ import annotations

import sys

import pytest

from tests.attacks.mutants import UNREACHED, breaches_without_a_change, chosen_scopes, noticed, reason_for
from tests.attacks.world import World


@pytest.mark.django_db
def test_no_scope_can_be_taken_away_unnoticed(world: World) -> None:
    assert breaches_without_a_change(world) == []
    survivors, caught = [], 0
    for scope in chosen_scopes():
        reason = reason_for(scope)
        breach = None if reason else noticed(scope, world)
        caught += breach is not None
        if breach is None and not reason:
            survivors.append(str(scope))
        sys.stdout.write(f"{'caught  ' if breach else 'spared  ' if reason else 'SURVIVED'} {scope}\n")
        sys.stdout.write(f"         {breach or reason or 'no look of the matrix saw it'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{caught} scopes caught, {len(survivors)} survived, {len(UNREACHED)} functions spared\n")
    assert survivors == []
