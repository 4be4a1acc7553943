"""The page of a team's API tokens; a token is shown once, by the answer that made it, and kept nowhere."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import ApiToken, Team
from apps.accounts.team_forms import TokenForm
from apps.accounts.tokens import make_token, token_of, tokens_of, withdraw_token
from apps.common.errors import Refused
from apps.common.throttles import limited

PAGE_TOKENS = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("tokens")
@limited("tokens", "20/m")
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth comes without types
def tokens(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's tokens; by POST another is made, by who has just shown again who they are."""
    if request.method != "POST":
        return _page(request, team, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form, status=400)
    given = form.cleaned_data
    try:
        made, token = make_token(team, name=given["name"], scopes=given["scopes"], days=given["days"], by=request.user)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, team, form, status=refused.status)
    return _page(request, team, TokenForm(), made=made, token=token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("tokens")
def withdraw(request: TeamRequest, team: Team, *, token: int) -> HttpResponse:
    """Ask whether the token is to end; end it by POST."""
    if request.method == "POST":
        found = withdraw_token(team, token)
        messages.success(request, f"The token {found.name} is withdrawn; programs that use it are refused from now on.")
        return redirect("people:tokens", team=team.slug)
    found = token_of(team, token)
    shown = {
        "title": f"Withdraw the token {found.name}?",
        "sentences": [
            f"Programs that come with bw_{found.prefix}_… are refused from this moment on. A withdrawn token cannot be "
            "brought back; what was made with it stays."
        ],
        "action": reverse("people:withdraw_token", args=[team.slug, token]),
        "values": {},
        "button": "Withdraw the token",
        "back": reverse("people:tokens", args=[team.slug]),
        "place_name": "API tokens",
    }
    return render(request, "people/confirm.html", shown)


def _page(
    request: TeamRequest,
    team: Team,
    form: TokenForm,
    *,
    made: ApiToken | None = None,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = {
        "page": Paginator(tokens_of(team), PAGE_TOKENS).get_page(request.GET.get("page")),
        "form": form,
        "made": made,
        "token": token,
        "now": timezone.now(),
        # By POST, and after the person was asked who they are, the page stands at another address than its list.
        "pager_address": reverse("people:tokens", args=[team.slug]),
        "api": request.build_absolute_uri(f"/api/t/{team.slug}/"),
    }
    return render(request, "people/tokens.html", shown, status=status)
