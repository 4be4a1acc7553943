"""Brings the database up to date and, when it is empty, fills it with team demo and the shipped problem sets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import Role, Team, User
from apps.accounts.services import add_member, create_team
from apps.problems.services import add_problems

DEMO_TEAM = "demo"
DEMO_OWNER = "demo@branchwise.local"
LOCK_KEY = 0x6272616E6368  # "branch"


@dataclass(frozen=True)
class ShippedSet:
    """A problem set that comes with the clone as fixtures/problems/<slug>.jsonl."""

    slug: str
    name: str
    description: str


SHIPPED = (
    ShippedSet("puzzle-train", "Puzzle, training", "Find the signs that make the equation true; to train on."),
    ShippedSet("puzzle-heldout", "Puzzle, held out", "Find the signs that make the equation true; to measure on."),
    ShippedSet("game24", "Game of 24", "Make 24 from four numbers, each used once."),
)


def prepare() -> None:
    """Apply missing migrations and fill an empty database; quick where there is nothing to do.

    Commands that start at the same moment wait for one another; each looks again once it is its turn.
    """
    if not _missing_migrations() and Team.objects.exists():
        return
    with _one_at_a_time():
        if _missing_migrations():
            call_command("migrate", verbosity=0, interactive=False)
        if not Team.objects.exists():
            load_first_data()


def load_first_data() -> None:
    """Make team demo with its owner, who has no password, and add the shipped problem sets; all of it or nothing."""
    with transaction.atomic():
        team = create_team(DEMO_TEAM, "Demo")
        add_member(team, User.objects.create_user(DEMO_OWNER, name="Demo owner"), Role.OWNER)
        add_shipped_sets(team)


def add_shipped_sets(team: Team) -> None:
    """Add the problem sets that come with the clone to a team; what it has of them stays as it is."""
    for shipped in SHIPPED:
        add_problems(
            team=team,
            slug=shipped.slug,
            name=shipped.name,
            description=shipped.description,
            rows=_rows(settings.BRANCHWISE.fixtures_dir / "problems" / f"{shipped.slug}.jsonl"),
        )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _missing_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])
