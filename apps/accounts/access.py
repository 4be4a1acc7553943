"""may(user, verb, team): the only place that decides who may do what; it changes nothing."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import Membership, Role, Team, User
from apps.common.lookups import Lookup

Verb = Literal[
    "look", "comment", "label", "launch", "import", "freeze", "settle", "assign", "export", "people", "tokens", "guide",
    "delete"
]  # fmt: skip

_VIEWER: frozenset[Verb] = frozenset({"look", "comment"})
_ANNOTATOR: frozenset[Verb] = _VIEWER | {"label"}
_REVIEWER: frozenset[Verb] = _ANNOTATOR | {"launch", "import", "freeze", "settle", "assign"}
_OWNER: frozenset[Verb] = _REVIEWER | {"export", "people", "tokens", "guide", "delete"}

ALLOWED: dict[Role, frozenset[Verb]] = {
    Role.VIEWER: _VIEWER,
    Role.ANNOTATOR: _ANNOTATOR,
    Role.REVIEWER: _REVIEWER,
    Role.OWNER: _OWNER,
}

# What each right lets one do, in the words in which the pages say it.
SAID: dict[Verb, str] = {
    "look": "Look at experiments, trees, problems and datasets",
    "comment": "Comment and be mentioned",
    "label": "Label steps",
    "launch": "Launch, pause, cancel and fork experiments",
    "import": "Import traces and problems",
    "freeze": "Freeze snapshots",
    "settle": "Settle disagreeing labels",
    "assign": "Build labelling queues, assign people, set gold items",
    "export": "Make and download exports",
    "people": "Invite people, change roles, remove members",
    "tokens": "Make and withdraw API tokens",
    "guide": "Write guidelines",
    "delete": "Delete problem sets",
}

MEMBERSHIP = Lookup(Membership, joined=("team",))


def membership_of(user: User | AnonymousUser, slug: str) -> Membership | None:
    """Return the person's place in the team of that slug, the team with it; None for everybody else."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return MEMBERSHIP.first(team__slug=slug, user=user.pk)


def allows(membership: Membership, verb: Verb) -> bool:
    """Whether this place in a team comes with the right."""
    return verb in ALLOWED[Role(membership.role)]


def may(user: User | AnonymousUser, verb: Verb, team: Team) -> bool:
    """Whether the person may do `verb` in the team; nobody outside the team may do anything."""
    membership = membership_of(user, team.slug)
    return membership is not None and allows(membership, verb)
