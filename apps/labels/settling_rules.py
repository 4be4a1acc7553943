"""Settles all disputes of a queue by a rule: says first what it would do, then does it in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.labels.disputes import COUNTS, CURRENT, DIFFERING, IN_QUEUE, JUDGED_IN_QUEUE
from apps.labels.models import Label, LabelQueue
from apps.labels.said import storable_reason
from apps.labels.settling import lock
from apps.labels.verdicts import VERDICTS

# Unsure says nothing of the step, so no rule lets it stand.
SETTLING = [verdict.key for verdict in VERDICTS.values() if verdict.rating is not None]
_ALONE = {key: f"{key} > greatest({', '.join(other for other in VERDICTS if other != key)})" for key in SETTLING}
MAJORITY = "CASE WHEN people < %(of)s THEN NULL " + " ".join(
    f"WHEN {key} >= %(least)s AND {_ALONE[key]} THEN '{key}'" for key in SETTLING
)
SENIOR = f"CASE WHEN senior IN ({', '.join(repr(key) for key in SETTLING)}) THEN senior"
RULED = f"""
    WITH disputed AS (
        SELECT current.run_id, current.number, count(*) AS people, {COUNTS},
               max(current.verdict) FILTER (WHERE current.labeller_id = %(senior)s) AS senior,
               jsonb_agg(current.id ORDER BY current.id) AS labels
        FROM ({CURRENT.format(scope=IN_QUEUE, bound="")}) current
        WHERE current.verdict <> '' GROUP BY current.run_id, current.number HAVING {DIFFERING} {JUDGED_IN_QUEUE}
    ), ruled AS (SELECT run_id, number, labels, {{verdict}} END AS verdict FROM disputed)
"""  # noqa: S608  # constants alone
PREVIEW = "SELECT COALESCE(verdict, ''), count(*) FROM ruled GROUP BY 1"
SETTLE = """
    INSERT INTO labels_adjudication (team_id, run_id, number, verdict, rule, settled_by_id, reason, labels, created_at)
    SELECT %(team)s, run_id, number, verdict, %(rule)s, %(by)s, %(reason)s, labels, now()
    FROM ruled WHERE verdict IS NOT NULL ORDER BY run_id, number
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """By what the disputes of a queue are settled: by the verdict of a senior labeller; where there is none, where at
    least `least` of at least `of` people give the same one, and no other has as many."""

    queue: LabelQueue
    least: int = 0
    of: int = 0
    senior: Labeller | None = None

    @property
    def key(self) -> str:
        """The rule as an adjudication keeps it."""
        return "senior" if self.senior else "majority"

    @property
    def said(self) -> str:
        """The rule as the reason of each row says it."""
        if self.senior:
            return f"The verdict of {self.senior}, for all disputes of queue {self.queue.name}."
        return f"At least {self.least} of {self.of} or more people agree, for all disputes of queue {self.queue.name}."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule comes to: how many steps get which verdict, by its key, and how many stay in dispute."""

    counts: dict[str, int]
    left: int

    @property
    def settled(self) -> int:
        """How many steps it settles."""
        return sum(self.counts.values())


def outcome_of(team: Team, rule: Rule) -> Outcome:
    """What the rule would do now; nothing is stored. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(rule, PREVIEW), _given(team, rule))
        found = dict(cursor.fetchall())
    left = found.pop("", 0)
    return Outcome({key: found.get(key, 0) for key in SETTLING}, left)


def settle_by(*, team: Team, by: Labeller, rule: Rule, reason: str, expected: int) -> int:
    """Settle the disputes of a queue by the rule, in one statement, and say how many.

    Each row keeps who, when, the rule, what it says, the reason and the labels. expected: how many steps the preview
    said it would settle. Raises Refused where it would be another number by now (412); nothing is stored then.
    """
    reason = storable_reason(f"{rule.said} {reason}")
    with transaction.atomic():
        # Those who settle single steps are waited for, so that the statement sees what they did.
        lock(team, shared=False)
        with connection.cursor() as cursor:
            cursor.execute(
                _statement(rule, SETTLE), {**_given(team, rule), "by": by.pk, "reason": reason, "rule": rule.key}
            )
            count = len(cursor.fetchall())
        if count != expected:
            message = (
                f"Expected to settle {expected:,} steps, as the preview said; by now it would be {count:,}, because"
                " labels came or somebody settled meanwhile. Nothing was stored; look at the preview again."
            )
            raise Refused(message, code="outcome-changed", status=412)
    return count


def seniors_of(queue: LabelQueue) -> QuerySet[Labeller]:
    """Those who labelled in the queue, any of whom may be taken for the senior."""
    judged = Label.objects.filter(assignment__task__queue=queue).values("labeller")
    return Labeller.objects.filter(pk__in=judged).select_related("user").order_by("user__name", "name", "pk")


def _statement(rule: Rule, then: str) -> str:
    return RULED.format(verdict=SENIOR if rule.senior else MAJORITY) + then


def _given(team: Team, rule: Rule) -> dict[str, int | str | None]:
    senior = rule.senior.pk if rule.senior else None
    return {"team": team.pk, "queue": rule.queue.pk, "least": rule.least, "of": rule.of, "senior": senior}
