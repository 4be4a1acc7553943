"""Whose run it is: waiting runs are taken, each by exactly one owner; nothing is renewed or taken from the dead."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass

from django.db import connection

# One statement: it picks the experiment of the oldest waiting run it can lock, and takes up to `slots` of that
# experiment's waiting runs. Rows that another claimer holds are passed over, so two claimers never take the same run
# and never wait for each other. The status is asked again by the update itself: that is the condition that counts.
_CLAIM = """
WITH first AS (
    SELECT experiment_id FROM runs_run
    WHERE status = 'waiting' AND (%(experiment)s::bigint IS NULL OR experiment_id = %(experiment)s)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
), mine AS (
    SELECT id FROM runs_run
    WHERE status = 'waiting' AND experiment_id = (SELECT experiment_id FROM first)
    ORDER BY id LIMIT %(slots)s FOR UPDATE SKIP LOCKED
)
UPDATE runs_run SET status = 'running', attempt = attempt + 1, lease_owner = %(owner)s, started_at = now()
FROM mine WHERE runs_run.id = mine.id AND runs_run.status = 'waiting'
RETURNING runs_run.id, runs_run.attempt
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that is ours to write: together with the status, attempt and owner are the fence."""

    run_id: int
    attempt: int
    owner: str


def claim(owner: str, slots: int, experiment_id: int | None = None) -> list[Claim]:
    """Take up to `slots` waiting runs of one experiment, oldest first: waiting → running, attempt + 1.

    Of the given experiment, else of the one whose run has waited longest. Empty when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"owner": owner, "slots": slots, "experiment": experiment_id})
        return [Claim(run_id, attempt, owner) for run_id, attempt in sorted(cursor.fetchall())]


def new_owner() -> str:
    """A name for one owner of leases, told by host and process and used by no other."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
