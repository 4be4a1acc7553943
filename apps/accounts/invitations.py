"""Invitations to a team: made, withdrawn, accepted once; it says nothing to who holds no open one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import Invitation, Membership, Role, Team, User
from apps.accounts.news import tell_member
from apps.accounts.people import RANK, lock_people
from apps.accounts.services import TOKEN_BYTES, digest_of
from apps.common.errors import Refused

VALID_FOR = timedelta(days=7)
A_DAY = timedelta(days=1)
A_DAY_AT_MOST = 50
NAME_LENGTH = 100
EMAIL_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an invitation: the place it led to, and the role the person had before, empty for a new member."""

    place: Membership
    role_before: str

    @property
    def sentence(self) -> str:
        """What happened, for the page."""
        if not self.role_before:
            return f"Welcome to {self.place.team}. Your role is {self.place.role}."
        if self.role_before == self.place.role:
            return f"You belong to {self.place.team} already; your role stays {self.place.role}."
        return (
            f"You belong to {self.place.team} already; your role was {self.role_before} and is {self.place.role} now."
        )


def open_invitations(team: Team, *, now: datetime | None = None) -> QuerySet[Invitation]:
    """The team's invitations that can still be accepted, the newest first."""
    waiting = Invitation.objects.filter(team=team, used_at=None, withdrawn_at=None)
    return waiting.filter(expires_at__gt=now or timezone.now()).select_related("invited_by").order_by("-id")


@transaction.atomic
def invite(team: Team, email: str, role: Role, *, by: User, now: datetime | None = None) -> tuple[Invitation, str]:
    """Keep a place in the team for that address for a week; returns the invitation and its token of 256 random bits,
    which is not kept. An open invitation of the same address is withdrawn by it.

    Raises Refused for what is no address, for a member, and (429) for more than 50 a day in one team;
    PermissionDenied where `by` lost the right meanwhile.
    """
    moment, address = now or timezone.now(), _address(email)
    lock_people(team, by)
    if Membership.objects.filter(team=team, user__email=address).exists():
        raise Refused(
            f"{address} belongs to the team already. Change their role in the list of members.",
            code="member-already",
            fields={"email": "This person belongs to the team already."},
        )
    if Invitation.objects.filter(team=team, created_at__gt=moment - A_DAY).count() >= A_DAY_AT_MOST:
        raise Refused(
            f"A team can invite {A_DAY_AT_MOST} times a day, and has. Go on tomorrow.",
            code="too-many-invitations",
            status=429,
        )
    Invitation.objects.filter(team=team, email=address, used_at=None, withdrawn_at=None).update(withdrawn_at=moment)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        team=team,
        email=address,
        role=Role(role),
        token_sha256=digest_of(token),
        invited_by=by,
        expires_at=moment + VALID_FOR,
    )
    return invitation, token


def invitation_of(team: Team, invitation: int) -> Invitation:
    """The team's open invitation of that id. Raises Http404 for one that is none of the team's or open no more."""
    found = open_invitations(team).filter(pk=invitation).first()
    if found is None:
        raise Http404
    return found


def withdraw_invitation(team: Team, invitation: int) -> Invitation:
    """Have the team's open invitation of that id end. Raises Http404 for one that is none of the team's; Refused (409)
    for one that ended before."""
    found = Invitation.objects.filter(team=team, pk=invitation)
    if not found.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        if not found.exists():
            raise Http404
        raise Refused("This invitation was accepted or withdrawn before.", code="invitation-ended", status=409)
    return found.get()


def find_invitation(token: str, *, now: datetime | None = None) -> Invitation | None:
    """The open invitation with that token, its team with it; None for one that is unknown, used, withdrawn or too
    old, between which nobody can tell."""
    return _usable(token, now or timezone.now()).select_related("team").first()


@transaction.atomic
def accept(token: str, user: User, *, now: datetime | None = None) -> Accepted | None:
    """Use the invitation up and give the person the place; a member keeps the higher of the two roles.

    None for an invitation that is not open. Raises PermissionDenied where it is another address's; it stays open then.
    """
    invitation = _use_up(token, now or timezone.now())
    if invitation is None:
        return None
    if invitation.email != user.email:
        raise PermissionDenied("This invitation is for another address. Sign in as the person it is for.")
    return _take_place(invitation, user)


@transaction.atomic
def accept_as_new(token: str, name: str, password: str, *, now: datetime | None = None) -> Accepted | None:
    """Use the invitation up, make an account for its address and give it the place. None for one that is not open.

    Raises Refused for a password that is too weak, a name that is too long, and (409) where the address has an account,
    whose person signs in and accepts; the invitation stays open then.
    """
    invitation = _use_up(token, now or timezone.now())
    if invitation is None:
        return None
    if len(name.strip()) > NAME_LENGTH:
        sentence = f"A name has at most {NAME_LENGTH} characters; found {len(name.strip())}."
        raise Refused(sentence, code="bad-name", fields={"name": sentence})
    _check_password(password, User(email=invitation.email, name=name))
    try:
        # A savepoint of its own, so that the refusal is raised in a transaction that can still be read in.
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, name.strip(), password)
    except IntegrityError as error:
        raise Refused(
            "There is an account with this address already. Sign in, then open the invitation again.",
            code="account-exists",
            status=409,
        ) from error
    return _take_place(invitation, user)


def _use_up(token: str, moment: datetime) -> Invitation | None:
    """Mark the invitation used by one conditional update, so of two at the same moment exactly one is given it."""
    if not _usable(token, moment).update(used_at=moment):
        return None
    return Invitation.objects.select_related("team").get(token_sha256=digest_of(token))


def _take_place(invitation: Invitation, user: User) -> Accepted:
    place, is_new = Membership.objects.select_for_update().get_or_create(
        team=invitation.team, user=user, defaults={"role": invitation.role}
    )
    before = "" if is_new else place.role
    if before and RANK[invitation.role] > RANK[before]:
        place.role = invitation.role
        place.save(update_fields=["role"])
    Invitation.objects.filter(pk=invitation.pk).update(used_by=user)
    tell_member(user.pk)
    return Accepted(place, before)


def _usable(token: str, moment: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        token_sha256=digest_of(token), used_at=None, withdrawn_at=None, expires_at__gt=moment
    )


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
        MaxLengthValidator(EMAIL_LENGTH)(address)
    except ValidationError as error:
        expected = f"Expected an e-mail address such as name@example.org, of at most {EMAIL_LENGTH} characters"
        sentence = f"{expected}; found {email[:80]!r}."
        raise Refused(sentence, code="bad-address", fields={"email": sentence}) from error
    return address


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        raise Refused(sentence, code="weak-password", fields={"password": sentence}) from error
