"""What the form of a new queue offers of a team's things; it decides nothing about what goes together."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from apps.accounts.models import Membership, Role, Team
from apps.labels.models import Guideline, LabelQueue
from apps.labels.prelabels import judges_elsewhere
from apps.problems.models import ProblemSet
from apps.runs.models import Experiment

MOST_OFFERED = 200
NONE = ("", "None")
# Of an import nobody says who scored; the first scores of one run an experiment do.
SCORERS = """
    SELECT DISTINCT m.key FROM (
        SELECT id FROM runs_experiment WHERE team_id = %s ORDER BY id DESC LIMIT 200
    ) e
    CROSS JOIN LATERAL (SELECT id FROM runs_run WHERE experiment_id = e.id ORDER BY id LIMIT 1) r
    CROSS JOIN LATERAL (SELECT maker_id FROM runs_score WHERE run_id = r.id ORDER BY seq LIMIT 100) s
    JOIN runs_maker m ON m.id = s.maker_id ORDER BY m.key
"""

Choices = Mapping[str, list[tuple[str, str]]]


def choices_for(team: Team) -> Choices:
    """(value, words) for each field of the form that the team's own things fill; seven queries."""
    experiments = list(Experiment.objects.filter(team=team).order_by("-pk").values_list("pk", "name", "strategy"))
    sets = ProblemSet.objects.filter(team=team).order_by("name").values_list("slug", "name")[:MOST_OFFERED]
    guidelines = Guideline.objects.filter(team=team, versions__isnull=False).distinct().order_by("name")
    people = Membership.objects.filter(team=team, user__is_active=True).exclude(role=Role.VIEWER)
    scorers = scorers_of(team)
    return {
        "experiments": [(str(pk), f"{pk} {name}".strip()) for pk, name, _ in experiments[:MOST_OFFERED]],
        "problems": [("", "Any"), *sets],
        "strategy": [("", "Any"), *((key, key) for key in sorted({strategy for *_, strategy in experiments}))],
        "scorer": [NONE, *((key, key) for key in scorers)],
        "prelabel_scorer": [("", "Nobody"), *((key, key) for key in sorted({*scorers, *judges_elsewhere(team)}))],
        "guideline": [NONE, *((str(one.pk), one.name) for one in guidelines[:MOST_OFFERED])],
        "members": [(str(one.user_id), str(one.user)) for one in people.select_related("user").order_by("user__name")],
    }


def usual_guideline(team: Team, offered: list[tuple[str, str]]) -> tuple[str, str]:
    """(value, why) of the guideline that a new queue has where nobody chose: the team's only one, else the one that
    its queues took last, else none; one query at most."""
    known = [value for value, _ in offered if value]
    if not known:
        return "", "The team has written none yet: labels keep no guideline."
    if len(known) == 1:
        return known[0], "The team's only one, so it is picked by itself. Each label keeps its version."
    last = LabelQueue.objects.filter(team=team, guideline__isnull=False).order_by("-pk").first()
    if last is None or str(last.guideline_id) not in known:
        return "", "Shown beside the steps; each label keeps its version. None is picked: no queue of the team has one."
    return str(last.guideline_id), "The one that your queues took last. Each label keeps its version."


def scorers_of(team: Team) -> list[str]:
    """Keys of who scored the steps of the team's latest experiments, by name; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SCORERS, [team.pk])
        return [key for (key,) in cursor.fetchall()]
