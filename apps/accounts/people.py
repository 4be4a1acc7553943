"""Who belongs to a team: the list, a change of role, a removal; a team is never left without an owner."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone

from apps.accounts.access import ALLOWED, SAID, Verb, may
from apps.accounts.models import ApiToken, Invitation, Membership, Role, Team, User
from apps.accounts.news import tell_member
from apps.common.errors import Refused

# From least to most, as the roles are declared.
RANK: dict[str, int] = {role.value: place for place, role in enumerate(Role)}


def members_of(team: Team, *, search: str = "") -> QuerySet[Membership]:
    """The team's members with their users, owners first, then by name; with `search`, those whose name or address
    has it in it."""
    found = Membership.objects.filter(team=team).select_related("user")
    if search:
        found = found.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    rank = Case(*(When(role=role, then=Value(place)) for role, place in RANK.items()))
    return found.order_by(rank.desc(), "user__name", "user__email")


def member_of(team: Team, member: int) -> Membership:
    """The team's member (id of the membership) with their user. Raises Http404 for an id that is none of the team's."""
    place = Membership.objects.select_related("user", "team").filter(team=team, pk=member).first()
    if place is None:
        raise Http404
    return place


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table of rights: the verb, what it lets one do, and the roles that come with it."""

    verb: Verb
    said: str
    roles: frozenset[str]


def rights() -> list[Right]:
    """What each role may do, a row a right, out of the one table of access.py."""
    return [
        Right(verb, said, frozenset(role.value for role, verbs in ALLOWED.items() if verb in verbs))
        for verb, said in SAID.items()
    ]


def lock_people(team: Team, by: User) -> None:
    """Let one change of a team's people happen at a time, inside a transaction, and only by who still may.

    Whoever waited here may have lost the right meanwhile: raises PermissionDenied. Everything that changes people
    takes its locks in this order: team, invitations, memberships.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not may(by, "people", team):
        raise PermissionDenied("Somebody has changed your own role meanwhile; only an owner changes a team's people.")


@transaction.atomic
def change_role(team: Team, member: int, role: Role, *, by: User) -> Membership:
    """Give the member (id of the membership) another role; who stops being an owner loses what they handed out.

    Raises Http404 for somebody else's member, Refused (409) for the last owner, PermissionDenied where `by` may not.
    """
    lock_people(team, by)
    place = member_of(team, member)
    if place.role == role:
        return place
    if place.role == Role.OWNER:
        _refuse_last_owner(place)
        _withdraw_handed_out(place)
    place.role = role
    place.save(update_fields=["role"])
    tell_member(place.user_id)
    return place


@transaction.atomic
def remove_member(team: Team, member: int, *, by: User) -> Membership:
    """Take the member (id of the membership) out of the team. Their labels, and they as a labeller, stay; their API
    tokens, invitations they handed out and one that waits for them are withdrawn.

    Raises Http404 for somebody else's member, Refused (409) for the last owner, PermissionDenied where `by` may not.
    """
    lock_people(team, by)
    place = member_of(team, member)
    if place.role == Role.OWNER:
        _refuse_last_owner(place)
    _withdraw_handed_out(place)
    Invitation.objects.filter(team=team, email=place.user.email, used_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    Membership.objects.filter(pk=place.pk).delete()
    tell_member(place.user_id)
    return place


def is_last_owner(place: Membership) -> bool:
    """Whether the team would have no owner who can sign in without this member."""
    if place.role != Role.OWNER:
        return False
    others = Membership.objects.filter(team_id=place.team_id, role=Role.OWNER, user__is_active=True)
    return not others.exclude(pk=place.pk).exists()


def _refuse_last_owner(place: Membership) -> None:
    if is_last_owner(place):
        raise Refused(
            f"{place.user} is the last owner of {place.team}; a team without an owner could let nobody in. "
            "Make somebody else an owner first.",
            code="last-owner",
            status=409,
        )


def _withdraw_handed_out(place: Membership) -> None:
    """Withdraw the open invitations and the API tokens that the member made for this team."""
    moment = timezone.now()
    handed_out = Invitation.objects.filter(team_id=place.team_id, invited_by_id=place.user_id)
    handed_out.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=moment)
    ApiToken.objects.filter(team_id=place.team_id, user_id=place.user_id, withdrawn_at=None).update(withdrawn_at=moment)
