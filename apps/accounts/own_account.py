"""What a person changes about themself: password, name, theme, time zone, keys, sessions; never somebody else's."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.keys import Choice
from apps.accounts.models import SignInLink, User
from apps.accounts.news import tell_member


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Give the person this password, checked before. Their other sessions end, and links that were handed out."""
    user.set_password(password)
    user.save(update_fields=["password"])
    SignInLink.objects.filter(user=user, used_at=None).update(used_at=timezone.now())
    tell_member(user.pk)


@transaction.atomic
def forget_password(user: User) -> None:
    """Take the password away from who cannot say it any more, so that they may set one without it; their sessions and
    links end. For an operator who has made sure of the person by other means."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    SignInLink.objects.filter(user=user, used_at=None).update(used_at=timezone.now())
    tell_member(user.pk)


@transaction.atomic
def end_sessions(user: User) -> None:
    """End every session of the person at its next request. Whoever keeps the present one gives it the new hash
    (update_session_auth_hash)."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    tell_member(user.pk)


@transaction.atomic
def switch_second_factor_off(user: User) -> None:
    """Take the second factor and its recovery codes away, for an operator who has made sure of the person by other
    means; every session of theirs ends."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def save_profile(user: User, *, name: str, theme: str, time_zone: str) -> None:
    """Keep name, theme (a Theme) and time zone (a name of the tz database), checked before."""
    user.name, user.theme, user.time_zone = name, theme, time_zone
    user.save(update_fields=["name", "theme", "time_zone"])


def save_theme(user: User, theme: str) -> None:
    """Keep the theme (a Theme), checked before."""
    user.theme = theme
    user.save(update_fields=["theme"])


def save_keys(user: User, choice: Choice) -> None:
    """Keep the person's choice of keys, checked before."""
    user.keys = choice.as_json()
    user.save(update_fields=["keys"])
