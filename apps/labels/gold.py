"""Gold: tasks whose verdicts are known, mixed in where nobody can tell; it tells nothing to those who label.

When it is a person's turn to get one depends on the queue's seed, on who they are and on how many turns they have had,
and on nothing else: repeatable, and not to be foreseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import NamedTuple

from django.db import connection

from apps.accounts.models import Labeller
from apps.labels.models import LabelQueue, LabelTask

# The first verdict that the person gave in that very turn: what they correct later may have been talked over. Who had
# judged the step elsewhere (branches share steps), found their verdict there and left it, has answered with that one.
ANSWERS = """
    SELECT t.id, t.kind, t.run_id, g.number, g.verdict, COALESCE(said.verdict, ''), a.id, a.state, a.ended_at
    FROM labels_assignment a
    JOIN labels_labeltask t ON t.id = a.task_id
    JOIN labels_goldverdict g ON g.task_id = t.id
    LEFT JOIN LATERAL (
        SELECT l.verdict FROM labels_label l
        WHERE l.run_id = t.run_id AND l.number = g.number AND l.labeller_id = a.labeller_id AND (
            l.assignment_id = a.id AND l.verdict <> '' OR a.state = 'submitted' AND l.created_at < a.ended_at
            AND l.assignment_id IS DISTINCT FROM a.id)
        ORDER BY l.assignment_id IS NOT DISTINCT FROM a.id DESC,
            CASE WHEN l.assignment_id = a.id THEN l.id ELSE -l.id END LIMIT 1
    ) said ON true
    WHERE t.queue_id = %s AND t.kind = ANY(%s) AND (a.labeller_id = %s OR %s IS NULL) AND a.state <> 'open'
    ORDER BY a.id, g.number
"""


class GoldAnswer(NamedTuple):
    """What one person first said of one step whose verdict is known.

    said: empty where they gave none, as after the first error or in a turn they skipped. turn: id of the assignment.
    """

    task: int
    kind: str
    run: int
    number: int
    known: str
    said: str
    turn: int
    state: str
    ended_at: datetime

    @property
    def is_right(self) -> bool:
        """Whether they said what is known; nothing and unsure are not."""
        return self.said == self.known


def gold_is_due(queue: LabelQueue, labeller: Labeller, taken: int) -> bool:
    """Whether the turn after `taken` others (screening not counted) is to be a gold one."""
    if queue.gold_share <= 0:
        return False
    draws = _draws(queue, labeller)
    return [next(draws) for _ in range(taken + 1)][-1]


def gold_to_come(queue: LabelQueue, labeller: Labeller, taken: int, normal: int, gold: int) -> int:
    """How many gold turns come before `normal` normal ones are through, of at most `gold` that are left.

    With it "17 of 120" goes on by one at every turn, gold or not.
    """
    if queue.gold_share <= 0 or not gold:
        return 0
    draws, found, left = _draws(queue, labeller), 0, normal
    for _ in range(taken):
        next(draws)
    while left > 0 and found < gold:
        if next(draws):
            found += 1
        else:
            left -= 1
    return found


def gold_answers(
    queue: LabelQueue, labeller: Labeller | None = None, kinds: tuple[str, ...] = (LabelTask.Kind.GOLD,)
) -> list[GoldAnswer]:
    """What a labeller (None: everybody) first said of the queue's known steps, in turns that ended; one query."""
    who = labeller.pk if labeller else None
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, [queue.pk, list(kinds), who, who])
        return [GoldAnswer(*row) for row in cursor.fetchall()]


def share_right(answers: list[GoldAnswer]) -> float | None:
    """The share of answers that are right, None where there are none.

    What a turn stopped before (after the first error) was not asked; of a turn without any verdict all of it was, and
    is not right.
    """
    spoken = {answer.turn for answer in answers if answer.said}
    asked = [answer for answer in answers if answer.said or answer.turn not in spoken]
    return sum(answer.is_right for answer in asked) / len(asked) if asked else None


def _draws(queue: LabelQueue, labeller: Labeller) -> Iterator[bool]:
    """Of each of the labeller's turns whether it is a gold one, without end."""
    # Which turns are gold is no secret worth a cryptographer's random numbers; that they repeat is what is wanted.
    random = Random(f"{queue.seed}:{labeller.pk}")
    while True:
        yield random.random() < queue.gold_share
