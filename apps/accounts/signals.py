"""What follows when somebody shows again who they are or changes their second factor; it shows nothing."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.own_account import end_sessions


@receiver(authentication_step_completed)
def change_session_key(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """Give the session another key when it gains rights within one session; signing in does so by itself."""
    if reauthenticated:
        request.session.cycle_key()


@receiver([authenticator_added, authenticator_removed])
def end_other_sessions(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """End the sessions that were begun under the old rule; this one goes on under another key."""
    if authenticator.type == Authenticator.Type.TOTP:
        end_sessions(user)
        update_session_auth_hash(request, user)
