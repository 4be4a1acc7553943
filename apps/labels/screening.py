"""Screening: who may label in a queue after its first tasks; it decides by first verdicts, and tells nobody which."""

from __future__ import annotations

from typing import NamedTuple

from apps.accounts.models import Labeller
from apps.labels.gold import gold_answers, share_right
from apps.labels.models import Assignment, LabelQueue, LabelTask, QueueChange, QueueMember


class Screening(NamedTuple):
    """How far a person is with a queue's screening. right: share of verdicts, None until all tasks are ended."""

    done: int
    of: int
    right: float | None

    @property
    def is_over(self) -> bool:
        """Whether every screening task is ended."""
        return self.done >= self.of


def screening_of(queue: LabelQueue, labeller: Labeller | None) -> Screening:
    """How far a person is (None: who has not labelled yet); two queries, three once it is over."""
    kind = LabelTask.Kind.SCREENING
    of = LabelTask.objects.filter(queue=queue, kind=kind).count()
    if labeller is None:
        return Screening(0, of, None)
    ended = Assignment.objects.filter(task__queue=queue, task__kind=kind, labeller=labeller)
    done = ended.exclude(state=Assignment.State.OPEN).count()
    over = done >= of and of > 0
    return Screening(done, of, share_right(gold_answers(queue, labeller, (kind,))) if over else None)


def state_after(queue: LabelQueue, member: QueueMember, labeller: Labeller | None) -> str:
    """Where the person stands: their state, or what the screening says that they have been through since."""
    if member.state != QueueMember.State.SCREENING:
        return member.state
    found = screening_of(queue, labeller)
    if not found.of:
        # A mark without tasks to reach it by lets nobody in; neither of them lets in who waited for them.
        return QueueMember.State.ADMITTED if queue.screening_pass is None else QueueMember.State.SCREENING
    if not found.is_over:
        return QueueMember.State.SCREENING
    passed = found.right is None or queue.screening_pass is None or found.right >= queue.screening_pass
    return QueueMember.State.ADMITTED if passed else QueueMember.State.REFUSED


def keep_what_screening_decided(queue: LabelQueue, member: QueueMember, labeller: Labeller) -> str:
    """The same, stored where it is new, with a row that says by what; in the transaction that holds the lock of the
    member's row."""
    state = state_after(queue, member, labeller)
    if state != member.state:
        QueueChange.objects.create(
            queue=queue, what="member", about_id=member.user_id, before=member.state, after=state,
            reason=_decided_by(queue, screening_of(queue, labeller)),
        )  # fmt: skip
        member.state = state
        member.save(update_fields=["state"])
    return state


def _decided_by(queue: LabelQueue, found: Screening) -> str:
    if found.right is None or queue.screening_pass is None:
        return "The queue has no screening any more."
    return f"Screening: {found.right:.0%} of the verdicts right at first, {queue.screening_pass:.0%} asked for."
