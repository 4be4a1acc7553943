"""Whose run it is: claimed by exactly one owner, kept by renewing, handed back, taken over from the dead; plays none.

A lease is three columns of the run: attempt, lease_owner and lease_until. All times are the database's, so that the
clocks of the workers do not matter.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.runs.news import tell_runs

LEASE_S = 15.0  # three renewals may fail before a run is taken for abandoned
RENEW_S = 5.0
ATTEMPTS = 3

# A run may be claimed while its experiment is active, it waits or is running, and no lease holds it. One statement
# finds the first such run, whatever plays it, and takes more of its experiment. Rows that another claimer holds are
# passed over, so two claimers never take the same run and never wait for each other. The experiment is locked against a
# pause at the same moment, and the status is asked again by the update itself: that is the condition that counts.
_FREE = "run.status IN ('waiting', 'running') AND (run.lease_until IS NULL OR run.lease_until <= now())"
_CLAIM = f"""
WITH first AS (
    SELECT run.experiment_id, experiment.engine, experiment.scorer
    FROM runs_run run JOIN runs_experiment experiment ON experiment.id = run.experiment_id
    WHERE {_FREE} AND run.attempt < {ATTEMPTS} AND experiment.state = 'active'
        AND (%(experiment)s::bigint IS NULL OR experiment.id = %(experiment)s)
    ORDER BY run.id LIMIT 1 FOR UPDATE OF run SKIP LOCKED FOR SHARE OF experiment SKIP LOCKED
), mine AS (
    SELECT run.id FROM runs_run run
    WHERE {_FREE} AND run.attempt < {ATTEMPTS} AND run.experiment_id = (
        SELECT experiment_id FROM first
        WHERE %(engine)s::text IS NULL OR (engine = %(engine)s AND scorer = %(scorer)s)
    )
    ORDER BY run.id LIMIT %(slots)s FOR UPDATE SKIP LOCKED
)
UPDATE runs_run run SET status = 'running', attempt = attempt + 1, lease_owner = %(owner)s,
    lease_until = now() + make_interval(secs => %(lease_s)s), started_at = COALESCE(started_at, now())
FROM mine WHERE run.id = mine.id AND {_FREE}
RETURNING run.id, run.attempt, run.experiment_id, run.seq
"""  # noqa: S608  # put together from constants

# Runs whose last allowed owner died or gave up. They are claimed once more, to be ended with the reason.
_CLAIM_SPENT = f"""
WITH mine AS (
    SELECT run.id FROM runs_run run
    WHERE {_FREE} AND run.attempt >= {ATTEMPTS}
    ORDER BY run.id LIMIT %(slots)s FOR UPDATE SKIP LOCKED
)
UPDATE runs_run run SET status = 'running', lease_owner = %(owner)s,
    lease_until = now() + make_interval(secs => %(lease_s)s)
FROM mine WHERE run.id = mine.id
RETURNING run.id, run.attempt, run.experiment_id, run.seq
"""  # noqa: S608  # put together from constants

# A lease that has less left than its owner ever lets it come to: a renewal was missed.
_LAPSING = """
SELECT experiment.engine, experiment.scorer
FROM runs_run run JOIN runs_experiment experiment ON experiment.id = run.experiment_id
WHERE run.status = 'running' AND run.lease_until < now() + make_interval(secs => %(within_s)s)
    AND experiment.state = 'active'
ORDER BY run.id LIMIT 1
"""

# Locked in the order of their ids, as a pause does, so that the two never wait for each other in a circle.
_OURS = """
WITH ours AS (
    SELECT run.id FROM runs_run run
    JOIN unnest(%(runs)s::bigint[], %(attempts)s::int[], %(owners)s::text[]) AS mine (id, attempt, owner)
        ON run.id = mine.id AND run.attempt = mine.attempt AND run.lease_owner = mine.owner
    WHERE run.status = 'running' ORDER BY run.id FOR NO KEY UPDATE OF run
)
"""
_RENEW = f"""{_OURS}
UPDATE runs_run run SET lease_until = now() + make_interval(secs => %(lease_s)s)
FROM ours WHERE run.id = ours.id
RETURNING run.id, run.attempt, run.lease_owner
"""  # noqa: S608  # put together from constants
_HAND_BACK = f"""{_OURS}
UPDATE runs_run run SET status = 'waiting', lease_owner = '', attempt = attempt - %(uncounted)s,
    lease_until = now() + make_interval(secs => %(after_s)s)
FROM ours WHERE run.id = ours.id
RETURNING run.id, run.experiment_id, run.seq
"""  # noqa: S608  # put together from constants


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that is ours to write: together with the status, attempt and owner are the fence."""

    run_id: int
    attempt: int
    owner: str

    @property
    def is_last(self) -> bool:
        """Whether the run has no attempt left after this one."""
        return self.attempt >= ATTEMPTS


@dataclass(frozen=True, slots=True)
class Kind:
    """What runs must have in common to be played together: the keys of engine and scorer ("" for none)."""

    engine: str
    scorer: str


def claim(
    slots: int, experiment_id: int | None = None, *, kind: Kind | None = None, lease_s: float = LEASE_S
) -> list[Claim]:
    """Take up to `slots` runs of one experiment, oldest first: → running, attempt + 1, under an owner of their own.

    Waiting runs, and running ones whose lease ran out. Of the given experiment, else of the active one with the oldest
    such run. Empty when there is nothing to take, and where that oldest run is not of `kind`: its turn has come, so
    whoever plays another kind takes no more of it and is soon free."""
    given = {"experiment": experiment_id, "engine": kind and kind.engine, "scorer": kind and kind.scorer}
    return _claimed(_CLAIM, {**given, "slots": slots, "lease_s": lease_s})


def claim_spent(slots: int, *, lease_s: float = LEASE_S) -> list[Claim]:
    """Take up to `slots` runs that nobody may play any more, because their attempts are used up; to be ended."""
    return _claimed(_CLAIM_SPENT, {"slots": slots, "lease_s": lease_s})


def lapsing() -> Kind | None:
    """What plays the first run whose owner has missed a renewal and is probably dead; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_LAPSING, {"within_s": LEASE_S - 1.5 * RENEW_S})
        row = cursor.fetchone()
        return None if row is None else Kind(*row)


def renew(claims: Sequence[Claim], *, lease_s: float = LEASE_S) -> set[Claim]:
    """Renew in one statement, and answer which claims still hold; the others are lost, or their runs have ended.

    A lease that ran out is renewed too, where nobody has taken the run."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {**_columns(claims), "lease_s": lease_s})
        return {Claim(*row) for row in cursor.fetchall()}


def hand_back(claims: Sequence[Claim], *, counted: bool, after_s: float = 0.0) -> int:
    """Running → waiting for those that are still ours; answers how many.

    counted: whether the attempt is used up; after_s: how long nobody may claim them, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_HAND_BACK, {**_columns(claims), "uncounted": 0 if counted else 1, "after_s": after_s})
        waiting = cursor.fetchall()
    _tell(waiting)
    return len(waiting)


def _claimed(statement: str, values: dict[str, Any]) -> list[Claim]:
    """One owner a statement: an owner that lost a run and claims it again must not be taken for who it was before."""
    owner = _new_owner()
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "owner": owner})
        claimed = sorted(cursor.fetchall())
    _tell((run_id, experiment_id, seq) for run_id, _, experiment_id, seq in claimed)
    return [Claim(run_id, attempt, owner) for run_id, attempt, _, _ in claimed]


def _tell(runs: Iterable[tuple[int, int, int]]) -> None:
    """Say of runs, (id, experiment, seq) each, that their status has changed."""
    seqs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for run_id, experiment_id, seq in runs:
        seqs[experiment_id].append((run_id, seq))
    for experiment_id, moved in seqs.items():
        tell_runs(experiment_id, moved)


def _new_owner() -> str:
    """A name for one owner of leases, told by host and process and used by no other."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def _columns(claims: Sequence[Claim]) -> dict[str, Any]:
    return {
        "runs": [claim.run_id for claim in claims],
        "attempts": [claim.attempt for claim in claims],
        "owners": [claim.owner for claim in claims],
    }
