"""How a person did on tasks whose verdicts are known, by queue; only for who assigns, as it tells what gold is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models import Labeller, Team
from apps.labels.gold import GoldAnswer, gold_answers
from apps.labels.models import LabelQueue, LabelTask, QueueMember
from apps.labels.quality_people import Block, Share, share_of
from apps.labels.verdicts import VERDICTS, Verdict

MOST_WRONG = 50


@dataclass(frozen=True, slots=True)
class Missed:
    """A gold step on which the person first said something else. said: None where they gave no verdict."""

    run: int
    number: int
    known: Verdict
    said: Verdict | None


@dataclass(frozen=True, slots=True)
class Gold:
    """Accuracy on gold steps by first verdicts, in all and over time, and the latest steps that were missed; None:
    nothing was asked. drift: a share for each of the blocks of verdicts that were given."""

    accuracy: Share | None
    drift: list[Share | None]
    missed: list[Missed]


@dataclass(frozen=True, slots=True)
class Screened:
    """How somebody did in a queue's screening. state: of QueueMember."""

    queue: LabelQueue
    state: str
    right: Share | None


def gold_of(team: Team, person: Labeller, blocks: Sequence[Block]) -> Gold:
    """Over all queues that mix gold in and that the person had turns in, and by the blocks of what the person said; a
    query a queue."""
    asked = [answer for queue in _queues(team, person, LabelTask.Kind.GOLD) for answer in _asked(queue, person)]
    wrong = sorted((answer for answer in asked if not answer.is_right), key=lambda answer: -answer.turn)[:MOST_WRONG]
    missed = [Missed(one.run, one.number, VERDICTS[one.known], VERDICTS.get(one.said)) for one in wrong]
    return Gold(_right(asked), _drift(asked, blocks), missed)


def screenings_of(team: Team, person: Labeller) -> list[Screened]:
    """Where the person was screened; a query a queue."""
    queues = _queues(team, person, LabelTask.Kind.SCREENING)
    states = dict(QueueMember.objects.filter(queue__in=queues, user=person.user_id).values_list("queue", "state"))
    found = []
    for queue in queues:
        asked = _asked(queue, person, LabelTask.Kind.SCREENING)
        found.append(Screened(queue, states.get(queue.pk, ""), _right(asked)))
    return found


def _right(asked: Sequence[GoldAnswer]) -> Share | None:
    return share_of(sum(answer.is_right for answer in asked), len(asked))


def _drift(asked: Sequence[GoldAnswer], blocks: Sequence[Block]) -> list[Share | None]:
    """A turn counts where its first verdict was given, whenever it was submitted again. A turn without one, which was
    skipped or whose step had been judged elsewhere, counts where it ended."""
    home = {turn: at for at, block in enumerate(blocks) for turn in block.turns}
    parts: list[list[GoldAnswer]] = [[] for _ in blocks]
    for answer in asked if blocks else ():
        begun = (at for at, block in enumerate(blocks) if block.since <= answer.ended_at)
        parts[home[answer.turn] if answer.turn in home else max(begun, default=0)].append(answer)
    return [_right(part) for part in parts]


def _queues(team: Team, person: Labeller, kind: str) -> list[LabelQueue]:
    queues = LabelQueue.objects.filter(team=team, tasks__kind=kind, tasks__assignments__labeller=person)
    return list(queues.distinct().order_by("-pk"))


def _asked(queue: LabelQueue, person: Labeller, kind: str = LabelTask.Kind.GOLD) -> list[GoldAnswer]:
    """What counts, as share_right (gold.py) has it: a turn that stopped early was not asked the rest."""
    answers = gold_answers(queue, person, (kind,))
    spoken = {answer.turn for answer in answers if answer.said}
    return [answer for answer in answers if answer.said or answer.turn not in spoken]
