"""Times all figures of agreement over a million labels of twenty people, from the rows to the numbers of the page.

25,000 chains of ten steps over a thousand problems, each submitted by four of the twenty; rows are made inside
PostgreSQL. Fetching them is timed with the rest.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure, of_median
from tests.bench.visiting import a_team

PROBLEMS, RUNS, STEPS, PEOPLE, EACH = 1_000, 25_000, 10, 20, 4
ROUNDS = 5
_ROWS = (
    """
INSERT INTO runs_run (team_id, experiment_id, problem_id, status, attempt, lease_owner, seed, source, failure,
    created_at, ended_at, seq, step_count, tokens_generated, tokens_computed, scorer_tokens, answer_count, right_count,
    outcome)
SELECT %(team)s, %(experiment)s, problem.id, 'finished', 1, '', place, '', '', now(), now(), 1, %(steps)s,
    0, 0, 0, 0, 0, 'answered'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM problems_problem WHERE problem_set_id = %(set)s) problem
CROSS JOIN generate_series(1, %(runs)s / %(problems)s)
""",
    """
INSERT INTO runs_step (run_id, number, parent, depth, origin, maker_id, tokens, terminal, born)
SELECT run.id, number, number - 1, number, 'imported', 1, 0, number = %(steps)s, number
FROM runs_run run CROSS JOIN generate_series(1, %(steps)s) number
""",
    """
INSERT INTO accounts_labeller (team_id, name) SELECT %(team)s, 'person ' || n FROM generate_series(1, %(people)s) n
""",
    """
INSERT INTO labels_labeltask (queue_id, run_id, number, kind, position, wanted, taken, submitted)
SELECT %(queue)s, id, %(steps)s, 'normal', row_number() OVER (ORDER BY id), %(each)s, %(each)s, %(each)s FROM runs_run
""",
    """
INSERT INTO labels_assignment (task_id, labeller_id, state, finish, reason, seconds, lease_until, started_at, ended_at)
SELECT task.id, person.id, 'submitted', 'found_error', '', 60, now(), now(), now()
FROM labels_labeltask task CROSS JOIN generate_series(0, %(each)s - 1) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM accounts_labeller WHERE name LIKE 'person %%') person
    ON person.place = (task.position * 7 + n * n + n) %% %(people)s
""",
    # Three in four say what the step is, the others what comes to their mind.
    """
INSERT INTO labels_label (team_id, run_id, number, labeller_id, verdict, reason, client_uuid, assignment_id,
    scores_in_view, seconds, extra, created_at)
SELECT %(team)s, task.run_id, step, turn.labeller_id,
    ('{good,good,bad,neutral,unsure}'::text[])[1 + CASE WHEN random() < 0.75 THEN (task.run_id * 31 + step * 7) %% 5
        ELSE floor(random() * 5)::int END],
    '', gen_random_uuid(), turn.id, false, 5, '{}', now()
FROM labels_assignment turn JOIN labels_labeltask task ON task.id = turn.task_id
CROSS JOIN generate_series(1, %(steps)s) step ORDER BY turn.id %% 1000, turn.id
""",
)


def figures() -> Iterator[Figure]:
    """The page's figures, ROUNDS times after a warm-up."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.config.settings.development"
    from apps.config.command_line import prepare_database, start_services

    start_services()
    prepare_database()
    team, _ = a_team()
    _fill(team)
    from apps.labels.quality import quality_of
    from apps.labels.quality_rows import Asked

    taken = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        found = quality_of(team, Asked())
        taken.append((time.perf_counter() - began) * 1000)
    labels, people = found.agreement.labels, found.agreement.people
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    note = f"{labels:,} labels of {people} people, 1,000 resamples; {load}"
    yield of_median("agreement_ms_1m", taken[1:], "ms", "lower", 2_000, note)


def _fill(team: Any) -> None:
    from django.db import connection, transaction

    from apps.labels.models import LabelQueue
    from tests.factories import make_experiment, make_problem_set

    problem_set = make_problem_set(team, PROBLEMS)
    queue = LabelQueue.objects.create(team=team, name="all", wanted=EACH)
    values = {"team": team.pk, "experiment": make_experiment(team, problem_set).pk, "set": problem_set.pk}
    values |= {"queue": queue.pk, "problems": PROBLEMS, "runs": RUNS, "steps": STEPS, "people": PEOPLE, "each": EACH}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL session_replication_role = replica")  # that what is referred to is there is known
        for statement in _ROWS:
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        for table in ("runs_run", "runs_step", "labels_labeltask", "labels_assignment", "labels_label"):
            cursor.execute(f"VACUUM ANALYZE {table}")
