"""The page behind an invitation's link: what it offers and to whom; only a POST uses it up."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import open_to_everybody
from apps.accounts.invitations import Accepted, accept, accept_as_new, find_invitation
from apps.accounts.models import Invitation, User
from apps.accounts.services import LINK_RATE
from apps.accounts.signing_in import NEXT_KEY, enter
from apps.accounts.team_forms import JoinForm
from apps.common.errors import Refused
from apps.common.throttles import limited

# Neither whole addresses, which hold the token, nor nothing at all, which browsers answer with an Origin of null that
# no form's check of its origin lets through.
REFERRERS = "strict-origin"


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everybody
@limited("link", LINK_RATE, methods=("GET", "HEAD", "POST"))
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show team, role and address, and let the person of that address accept."""
    if request.session.get(NEXT_KEY) == request.path:
        del request.session[NEXT_KEY]  # who comes back from signing in has no more use for it, and it holds the token
    found = find_invitation(token)
    if found is None:
        response = _gone(request)
    elif request.method == "POST":
        response = _accepted(request, token, found)
    else:
        response = _shown(request, found, JoinForm())
    response["Referrer-Policy"] = REFERRERS
    return response


def _accepted(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    if isinstance(request.user, User):
        try:
            return _joined(request, accept(token, request.user))
        except PermissionDenied:
            return _shown(request, found, JoinForm(), status=403)
    if _has_account(found):
        return redirect(_sign_in_and_back(request))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=400)
    try:
        accepted = accept_as_new(token, form.cleaned_data["name"], form.cleaned_data["password"])
    except Refused as refused:
        form.refuse(refused)
        return _shown(request, found, form, status=refused.status)
    if accepted is None:
        return _gone(request)
    messages.success(request, accepted.sentence)
    return enter(request, accepted.place.user, wanted=_team_page(accepted))


def _joined(request: HttpRequest, accepted: Accepted | None) -> HttpResponse:
    """Lead to the team with a sentence; somebody else may have been quicker by a moment, and then it is gone."""
    if accepted is None:
        return _gone(request)
    # What the session may do has changed, so it goes on under another key.
    request.session.cycle_key()
    messages.success(request, accepted.sentence)
    return redirect(_team_page(accepted))


def _team_page(accepted: Accepted) -> str:
    return reverse("runs:experiments", args=[accepted.place.team.slug])


def _shown(request: HttpRequest, found: Invitation, form: JoinForm, status: int = 200) -> HttpResponse:
    person = request.user if isinstance(request.user, User) else None
    shown = {
        "invitation": found,
        "is_other": person is not None and person.email != found.email,
        "has_account": person is None and _has_account(found),
        "sign_in_and_back": _sign_in_and_back(request),
        "form": form,
    }
    return render(request, "accounts/invitation.html", shown, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=410)


def _has_account(found: Invitation) -> bool:
    return User.objects.filter(email=found.email).exists()


def _sign_in_and_back(request: HttpRequest) -> str:
    return f"{reverse('accounts:sign_in')}?{urlencode({'next': request.path})}"
