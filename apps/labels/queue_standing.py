"""Whether a person may label in a queue now, and if not, why, in a sentence for them; it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import Labeller, User
from apps.labels.models import LabelQueue, LabelTask, QueueMember
from apps.labels.screening import state_after

SENTENCES = {
    "": "",
    "paused": "This queue is paused. What you began stays yours; you can go on when it is active again.",
    "closed": "This queue is closed. Nothing more is to be judged in it.",
    "not-yours": "This queue is for the people it is assigned to. A reviewer of the team can add you.",
    "not-admitted": "You are not admitted to this queue. A reviewer of the team can tell you why, and admit you.",
    "screening-to-come": "The tasks that come first are not there yet. A reviewer of the team has to put them in.",
    "screening-unfinished": "Finish the tasks you began; after them you are told whether you can go on.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person may take tasks of a queue. why: a word for programs, empty where they may; sentence: for people.

    state: of QueueMember, empty for who has no place in it yet.
    """

    why: str
    state: str

    @property
    def may(self) -> bool:
        """Whether they may take a task."""
        return not self.why

    @property
    def sentence(self) -> str:
        """Why not, for the person themselves."""
        return SENTENCES[self.why]


def standing_of(queue: LabelQueue, user: User) -> Standing:
    """Where the person stands; one query, and up to five while they are being screened."""
    member = QueueMember.objects.filter(queue=queue, user=user).first()
    state = _state_of(queue, member)
    if queue.state != LabelQueue.State.ACTIVE:
        return Standing(queue.state, state)
    if member is None:
        return Standing("" if queue.access == LabelQueue.Access.OPEN else "not-yours", state)
    return Standing("not-admitted" if state == QueueMember.State.REFUSED else "", state)


def why_nothing_came(queue: LabelQueue, user: User) -> Standing:
    """Where a person stands to whom take_task gave nothing, though they might take: `nothing-left` or the screening's
    last tasks still open."""
    standing = standing_of(queue, user)
    if standing.may and standing.state == QueueMember.State.SCREENING:
        there = queue.tasks.filter(kind=LabelTask.Kind.SCREENING).exists()
        return Standing("screening-unfinished" if there else "screening-to-come", standing.state)
    return standing


def _state_of(queue: LabelQueue, member: QueueMember | None) -> str:
    if member is None or member.state != QueueMember.State.SCREENING:
        return member.state if member else ""
    labeller = Labeller.objects.filter(team=queue.team_id, user=member.user_id).first()
    return state_after(queue, member, labeller)
