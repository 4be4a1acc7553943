"""What labels cost: time a step and a solution, and money by a rate, by queue and person; it guesses no time.

Time of a turn is what the page measured in all, else the sum of its labels' times; where neither is known, the turn is
counted apart. Money is that time by the person's rate in the queue, else the queue's; of different currencies nothing
is added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

from apps.accounts.models import Labeller, Team

CENT = Decimal("0.01")
_COSTS = """
    WITH given AS (
        SELECT turn.id, task.queue_id, turn.labeller_id, turn.state, queue.unit, turn.seconds,
            count(label.id) FILTER (WHERE label.verdict <> '') AS verdicts,
            count(DISTINCT label.number) FILTER (WHERE label.verdict <> '') AS steps,
            COALESCE(sum(label.seconds), 0) AS measured,
            count(label.id) FILTER (WHERE label.verdict <> '' AND label.seconds IS NULL) AS unknown
        FROM labels_labelqueue queue
        JOIN labels_labeltask task ON task.queue_id = queue.id
        JOIN labels_assignment turn ON turn.task_id = task.id
        LEFT JOIN labels_label label ON label.assignment_id = turn.id
        WHERE queue.team_id = %(team)s AND (%(queue)s::bigint IS NULL OR queue.id = %(queue)s)
        GROUP BY turn.id, task.queue_id, queue.unit
    ), timed AS (
        SELECT *, CASE WHEN seconds > 0 THEN seconds WHEN measured > 0 THEN measured END AS took FROM given
    )
    SELECT queue.id, queue.name, person.id,
        count(*) FILTER (WHERE timed.state = 'submitted'), count(*) FILTER (WHERE timed.state = 'skipped'),
        COALESCE(sum(timed.steps), 0)::int8,
        COALESCE(sum(timed.steps) FILTER (WHERE took IS NOT NULL), 0)::int8,
        COALESCE(sum(timed.took), 0), COALESCE(sum(timed.took) FILTER (WHERE timed.state = 'submitted'), 0),
        count(*) FILTER (WHERE took IS NOT NULL AND timed.state = 'submitted'),
        count(*) FILTER (WHERE took IS NULL), COALESCE(sum(timed.unknown), 0)::int8,
        COALESCE(member.hourly_rate, queue.hourly_rate), queue.currency
    FROM timed JOIN labels_labelqueue queue ON queue.id = timed.queue_id
    JOIN accounts_labeller person ON person.id = timed.labeller_id
    LEFT JOIN labels_queuemember member ON member.queue_id = queue.id AND member.user_id = person.user_id
    GROUP BY queue.id, person.id, member.id ORDER BY queue.id DESC, person.id
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one person did in one queue. seconds: of all turns with a known time, skipped and open ones too; judged:
    steps, and timed_steps those of turns with a known time; timed: submitted turns with a known time, which took
    timed_seconds; untimed: turns without; unknown: verdicts without a time of their own. rate: an hour, None for none.
    """

    queue: int
    queue_name: str
    labeller: Labeller
    submitted: int
    skipped: int
    judged: int
    timed_steps: int
    seconds: float
    timed_seconds: float
    timed: int
    untimed: int
    unknown: int
    rate: Decimal | None
    currency: str

    @property
    def person(self) -> int:
        """The id of the labeller."""
        return self.labeller.pk

    @property
    def person_name(self) -> str:
        """Their name in full."""
        return str(self.labeller)

    @property
    def money(self) -> Decimal | None:
        """Time by rate, to the cent; None without a rate."""
        if self.rate is None:
            return None
        return (Decimal(str(self.seconds)) / 3600 * self.rate).quantize(CENT, ROUND_HALF_UP)

    @property
    def a_step(self) -> float | None:
        """Seconds a step; None where no time is known."""
        return self.seconds / self.timed_steps if self.timed_steps else None

    @property
    def a_solution(self) -> float | None:
        """Seconds a submitted turn; None where no time is known."""
        return self.timed_seconds / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class Total:
    """The same in all. money: by currency, of those with a rate; without_rate: seconds that no rate is known for."""

    submitted: int
    skipped: int
    judged: int
    seconds: float
    a_step: float | None
    a_solution: float | None
    untimed: int
    unknown: int
    money: list[tuple[str, Decimal]]
    without_rate: float


def costs_of(team: Team, queue: int | None = None) -> list[Cost]:
    """By queue, the newest first, and person; two queries however many labels there are."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, {"team": team.pk, "queue": queue})
        rows = cursor.fetchall()
    people = Labeller.objects.select_related("user").in_bulk({person for _, _, person, *_ in rows})
    return [Cost(queue, name, people[person], *figures) for queue, name, person, *figures in rows]


def total_of(costs: Iterable[Cost]) -> Total:
    """Added up; money of each currency for itself."""
    rows = list(costs)
    money: dict[str, Decimal] = {}
    for row in rows:
        if row.money is not None:
            money[row.currency] = money.get(row.currency, Decimal(0)) + row.money
    steps, turns = sum(row.timed_steps for row in rows), sum(row.timed for row in rows)
    seconds = sum(row.seconds for row in rows)
    return Total(
        submitted=sum(row.submitted for row in rows),
        skipped=sum(row.skipped for row in rows),
        judged=sum(row.judged for row in rows),
        seconds=seconds,
        a_step=seconds / steps if steps else None,
        a_solution=sum(row.timed_seconds for row in rows) / turns if turns else None,
        untimed=sum(row.untimed for row in rows),
        unknown=sum(row.unknown for row in rows),
        money=sorted(money.items()),
        without_rate=sum(row.seconds for row in rows if row.rate is None),
    )
