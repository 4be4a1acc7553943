"""Pages of signing in by password and second factor: allauth's views behind what says whom they are open to; they
count every guess, and take none while nothing can be counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from smtplib import SMTPException
from typing import Any

from allauth.account import views as account
from allauth.account.utils import perform_login
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib.auth import logout
from django.core.mail import get_connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from apps.accounts.gate import open_to_everybody, signed_in_page
from apps.accounts.models import User
from apps.accounts.news import tell_member
from apps.common.errors import Refused
from apps.common.throttles import too_often

View = Callable[..., HttpResponseBase]
NEXT_KEY = "next"
A_MINUTE_S = 60


def safe_next(request: HttpRequest) -> str:
    """Where the address says one wanted to go, if that is a page of this host; else empty."""
    wanted = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if own else ""


def leave(request: HttpRequest) -> None:
    """End the session, and have its open sockets find that out at once; nothing happens to who is not signed in."""
    user = request.user
    logout(request)
    if isinstance(user, User):
        # Not by Django's signal, which comes while the session is still there to be looked up.
        tell_member(user.pk)


def enter(request: HttpRequest, user: User, *, wanted: str = "") -> HttpResponse:
    """Sign in a person who has shown who they are by a link, and send them on; a second factor is asked for here as
    after a password. Whoever was signed in in this browser is signed out."""
    if request.user.is_authenticated:
        leave(request)
    response: HttpResponse = perform_login(request, user, redirect_url=wanted or "/")
    return response


def counting(view: View) -> View:
    """Refuse with a sentence (503) while the cache, which counts guesses, is away: nobody may guess uncounted. A
    one-time link is no guess and works on."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RedisError as error:
            raise Refused(
                "Passwords and codes are not taken for the moment, because attempts cannot be counted. Try again in a "
                "minute. A one-time link works meanwhile: an operator prints one by manage.py sign_in_link.",
                code="not-counted",
                status=503,
            ) from error

    return counted


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer who asked too often for what allauth counts; its windows are a minute, and five after failures."""
    return too_often(request, A_MINUTE_S)


class SignInPage(account.LoginView):
    """E-mail and password; a person who is signed in already is sent on."""

    template_name = "accounts/sign_in.html"
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        # Kept for who signs in by a link instead, which knows nothing of this page.
        if wanted := safe_next(request):
            request.session[NEXT_KEY] = wanted
        response: HttpResponse = super().get(request)
        return response


class ResetPage(account.PasswordResetView):
    """Asks for an address and sends a letter there; where there is no mail server, says who gives a link instead."""

    http_method_names = ["get", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sends_letters": bool(settings.EMAIL_HOST)}

    def post(self, request: HttpRequest) -> HttpResponse:
        if not settings.EMAIL_HOST:
            raise Refused(
                "No letter was sent: this server has no mail server. Ask who runs it for a one-time link, which is "
                "printed by manage.py sign_in_link E-MAIL --new-password.",
                code="no-letters",
                status=409,
            )
        response: HttpResponse = super().post(request)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        # Opened for every address, known or not, so that a fault of the server tells nothing about who has an account.
        try:
            with get_connection():
                response: HttpResponse = super().form_valid(form)
        except (SMTPException, OSError) as error:
            raise Refused(
                "No letter was sent: the mail server did not take it. Nothing was changed; try again later, or ask an "
                "owner of your team for a one-time link.",
                code="no-letters",
                status=503,
            ) from error
        return response


sign_in = open_to_everybody(never_cache(counting(SignInPage.as_view())))
reset_password = open_to_everybody(counting(ResetPage.as_view()))
reset_password_done = open_to_everybody(account.password_reset_done)
reset_password_from_key = open_to_everybody(never_cache(counting(account.password_reset_from_key)))
reset_password_from_key_done = open_to_everybody(account.password_reset_from_key_done)
second_factor = open_to_everybody(counting(factor.authenticate))

change_password = signed_in_page(counting(account.password_change))
set_password = signed_in_page(counting(account.password_set))
confirm_password = signed_in_page(counting(account.reauthenticate))
confirm_code = signed_in_page(counting(factor.reauthenticate))
switch_on = signed_in_page(never_cache(totp.activate_totp))
switch_off = signed_in_page(totp.deactivate_totp)
recovery_codes = signed_in_page(never_cache(codes.view_recovery_codes))
new_recovery_codes = signed_in_page(codes.generate_recovery_codes)
