"""What allauth asks of us: closed registration, our words, letters only where a server is, encrypted secrets; the
rules of teams are none of its business."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from hashlib import sha256
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.models import User
from apps.accounts.own_account import set_password
from apps.accounts.themes import keep_theme
from apps.common.throttles import client_address

NOTICES = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_set": "A password was set for your account.",
    "account/email/password_reset": "Your password was reset by a link that was sent to this address.",
    "mfa/email/totp_activated": "A second factor was switched on for your account.",
    "mfa/email/totp_deactivated": "The second factor of your account was switched off.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account; the old ones are void.",
}
OFFER = "You came by a one-time link and have no password yet. Set one under your name, or go on using links."

_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in as Branchwise has it."""

    error_messages = {  # as the base class declares it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail and password do not belong together. Look at both and try again.",
        "too_many_login_attempts": "Too many attempts that failed. Wait five minutes and try again.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link no longer works.",
        "rate_limited": "That was asked too often in a short time. Wait a minute and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themself: an operator or an invitation makes an account."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be sent on to it: to this very host only, where allauth would take any host we answer to."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages are answered with pages; a header does not turn them into JSON."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "unknown"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def set_password(self, user: User, password: str) -> None:
        """Every way to a new password comes by here: changed, set, reset."""
        set_password(user, password)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return render(request, "accounts/inactive.html", status=403)

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        """Send the person on, in the theme of their account; who has no password is offered one."""
        response: HttpResponse = super().post_login(request, user, **hooks)
        keep_theme(request, response, user.theme)
        if not user.has_usable_password():
            messages.info(request, OFFER)
        return response

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person by letter what was changed. What was changed stays so where the letter cannot be sent."""
        if not settings.EMAIL_HOST:
            return
        try:
            self.send_mail("account/email/notice", user.email, {"user": user, "sentence": NOTICES[template_prefix]})
        except (SMTPException, OSError):
            _log.exception("The letter that tells person %s of a change could not be sent.", user.pk)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors whose secrets a copy of the database alone does not give away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not valid now. Wait for the next one and type that, or use a recovery code.",
    }

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken for what was encrypted under a secret key that is neither ours nor an old one."""
        return _ciphers().decrypt(encrypted_text.encode()).decode()


def _ciphers() -> MultiFernet:
    return MultiFernet(list(_keys()))


def _keys() -> Iterator[Fernet]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield Fernet(base64.urlsafe_b64encode(sha256(b"second factor:" + str(secret).encode()).digest()))
