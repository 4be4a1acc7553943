"""The page a person has for themself: who they are here, how pages look and answer to keys, how they sign in; other
people are none of its business."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.forms import ProfileForm, ThemeForm
from apps.accounts.gate import SignedInRequest, signed_in_page
from apps.accounts.keys import FIELDS, KEYS, Choice, Key, kept_choice, printed, read_choice
from apps.accounts.models import Membership, User
from apps.accounts.own_account import end_sessions, save_keys, save_profile, save_theme
from apps.accounts.themes import keep_theme
from apps.common.errors import Refused

KEY_PREFIX = "key-"


@signed_in_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Show the profile; a POST keeps name, theme and time zone."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    save_profile(request.user, **form.cleaned_data)
    messages.success(request, "Your profile is kept.")
    response = redirect("accounts:profile")
    keep_theme(request, response, request.user.theme)
    return response


@signed_in_page
@require_POST
def keys(request: SignedInRequest) -> HttpResponse:
    """Keep the choice of keys, or with `reset` go back to the keys as shipped."""
    if "reset" in request.POST:
        save_keys(request.user, Choice())
        messages.success(request, "The keys are as shipped again.")
        return redirect("accounts:profile")
    try:
        save_keys(request.user, read_choice(_typed_keys(request.POST)))
    except Refused as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, "Your keys are kept.")
    return redirect("accounts:profile")


@signed_in_page
@require_POST
def theme(request: SignedInRequest) -> HttpResponse:
    """Keep the theme that the button in the bar chose; the page shows it already."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(sentence) for found in form.errors.values() for sentence in found), code="bad-theme")
    save_theme(request.user, form.cleaned_data["theme"])
    return HttpResponse(status=204)


@signed_in_page
@require_POST
def sign_out_elsewhere(request: SignedInRequest) -> HttpResponse:
    """End every other session of the person; this one goes on under another key."""
    end_sessions(request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("accounts:profile")


def _typed_keys(data: QueryDict) -> dict[str, Any]:
    """The form of keys as read_choice takes it. A field left empty is the key as shipped. Raises Refused for a field
    that the form does not have."""
    typed = {name: str(data[name]) for name in data if name not in ("csrfmiddlewaretoken", "off")}
    unknown = [name for name in typed if not name.startswith(KEY_PREFIX)]
    if unknown:
        raise Refused(f"Unknown field {unknown[0][:60]!r}. Known: off, reset, key-….", code="unknown-field")
    named = {name: FIELDS[name].key if name in FIELDS else name.removeprefix(KEY_PREFIX) for name in typed}
    changed = {named[name]: value.strip() for name, value in typed.items() if value.strip()}
    return {"off": data.get("off") == "on", "changed": changed}


def _page(
    request: SignedInRequest, *, form: ProfileForm | None = None, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    initial = {"name": user.name, "theme": user.theme, "time_zone": user.time_zone}
    context = {
        "form": form or ProfileForm(initial=initial),
        "key_rows": _key_rows(request, refused),
        "keys_off": request.POST.get("off") == "on" if refused else kept_choice(user.keys).off,
        "keys_refused": refused.message if refused else "",
        "memberships": Membership.objects.filter(user=user).select_related("team").order_by("team__name"),
        "factor": _factor(user),
    }
    return render(request, "accounts/profile.html", context, status=status)


def _key_rows(request: SignedInRequest, refused: Refused | None) -> list[dict[str, Any]]:
    """Each key with what stands in its field: after a refusal what was typed, so that nothing is lost."""
    kept = kept_choice(request.user.keys)

    def shown(key: Key) -> str:
        return request.POST.get(key.field, "") if refused else kept.changed.get(key.key, "")

    faults = refused.fields if refused else {}
    return [
        {
            "key": key,
            "field": key.field,
            "shipped": [printed(each) for each in (key.key, *key.also)],
            "value": shown(key),
            "error": faults.get(key.key, ""),
        }
        for key in KEYS
    ]


def _factor(user: User) -> dict[str, Any]:
    """Whether a second factor is on, since when, and how many recovery codes are left."""
    found = {row.type: row for row in Authenticator.objects.filter(user=user)}
    totp, codes = found.get(Authenticator.Type.TOTP), found.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    return {"is_on": totp is not None, "since": totp.created_at if totp else None, "codes_left": left}
