"""Addresses of allauth's views below /account/, under the names allauth knows them by; only those we have pages for.

No registration, no list of addresses, no sign-in by code, no WebAuthn: an address that is not here answers 404.
"""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

from apps.accounts import signing_in as pages
from apps.accounts.gate import signed_in_page

RESET_KEY = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-0-9A-Za-z]+)/$"

urlpatterns = [
    path("password/change/", pages.change_password, name="account_change_password"),
    path("password/set/", pages.set_password, name="account_set_password"),
    path("password/reset/", pages.reset_password, name="account_reset_password"),
    path("password/reset/done/", pages.reset_password_done, name="account_reset_password_done"),
    re_path(RESET_KEY, pages.reset_password_from_key, name="account_reset_password_from_key"),
    path("password/reset/key/done/", pages.reset_password_from_key_done, name="account_reset_password_from_key_done"),
    path("confirm/", pages.confirm_password, name="account_reauthenticate"),
    path("confirm/code/", pages.confirm_code, name="mfa_reauthenticate"),
    path("second-factor/", signed_in_page(RedirectView.as_view(pattern_name="accounts:profile")), name="mfa_index"),
    path("second-factor/code/", pages.second_factor, name="mfa_authenticate"),
    path("second-factor/on/", pages.switch_on, name="mfa_activate_totp"),
    path("second-factor/off/", pages.switch_off, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", pages.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", pages.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
