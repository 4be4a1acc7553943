"""What a launch may cost, told from the team's earlier runs of the same kind; it reads no event and guesses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.accounts.models import Team

EXPERIMENTS = 20
"""So many experiments of each likeness are asked, the newest ones: pace and models change."""

# alike: whether parameters and limits are equal too. The pace is an experiment's time from its first start to its last
# end by its runs, and of several the middle one, so that one that was paused over night does not speak for all.
_EARLIER = """
WITH candidates AS (
    SELECT id, parameters = %(parameters)s::jsonb AND budget = %(budget)s::jsonb AS alike
    FROM runs_experiment
    WHERE team_id = %(team)s AND strategy = %(strategy)s AND engine = %(engine)s AND scorer = %(scorer)s
        AND strategy_version = %(version)s AND kind = 'search'
), ended AS (
    SELECT newest.alike, run.experiment_id, run.tokens_generated AS tokens, run.started_at, run.ended_at
    FROM (SELECT *, row_number() OVER (PARTITION BY alike ORDER BY id DESC) AS place FROM candidates) newest
    JOIN runs_run run ON run.experiment_id = newest.id AND run.status = 'finished'
    WHERE newest.place <= %(experiments)s
), paces AS (
    SELECT alike, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_a_run) AS seconds_a_run
    FROM (
        SELECT alike, extract(epoch FROM max(ended_at) - min(started_at)) / count(*) AS seconds_a_run
        FROM ended GROUP BY alike, experiment_id
    ) each_one
    GROUP BY alike
)
SELECT alike, count(*), count(DISTINCT experiment_id), avg(tokens)::float,
    percentile_cont(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY tokens),
    (SELECT seconds_a_run::float FROM paces WHERE paces.alike = ended.alike)
FROM ended GROUP BY alike ORDER BY alike DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What earlier runs came to. alike: they had equal parameters and limits, else other ones; runs, experiments: how
    many it rests on; tokens: generated ones a problem, their mean; low, high: the middle 80% of them; seconds: a
    problem, all workers together, None where no run says when it was played."""

    alike: bool
    runs: int
    experiments: int
    tokens: float
    low: float
    high: float
    seconds: float | None

    def total_tokens(self, problems: int) -> int:
        """Generated tokens of so many problems."""
        return round(self.tokens * problems)

    def total_seconds(self, problems: int) -> float | None:
        """Seconds for so many problems, with workers as they were."""
        return None if self.seconds is None else self.seconds * problems


def estimate(
    team: Team,
    *,
    strategy: str,
    version: int,
    engine: str,
    scorer: str,
    parameters: Mapping[str, Any],
    budget: Mapping[str, Any],
) -> Estimate | None:
    """An estimate from finished runs of the team's searches with this strategy, in this version, engine and scorer: of
    those with equal parameters and limits, else of the others; None where there are none. One statement."""
    asked: dict[str, str | int] = {
        "team": team.pk,
        "strategy": strategy,
        "version": version,
        "engine": engine,
        "scorer": scorer,
        "parameters": json.dumps(dict(parameters)),
        "budget": json.dumps(dict(budget)),
        "experiments": EXPERIMENTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, asked)
        row = cursor.fetchone()
    if row is None:
        return None
    alike, runs, experiments, tokens, (low, high), seconds = row
    return Estimate(alike, runs, experiments, tokens, low, high, seconds)
