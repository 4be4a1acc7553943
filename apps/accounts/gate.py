"""The gate before every view: of a team (a member with the right) or of none; what is shown is the view's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Literal, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from rest_framework.decorators import api_view
from rest_framework.request import Request

from apps.accounts.access import ALLOWED, SAID, Verb, allows, membership_of
from apps.accounts.hiding import HiddenRuns, hidden_runs
from apps.accounts.models import ApiToken, Role, Team, User

View = Callable[..., HttpResponseBase]

RUNS_NAMED = ("run", "other")
"""The words by which addresses name runs. What is hidden of a run for now is hidden at every address that does."""

OpenTo = Literal["everybody", "signed-in"]


class SignedInRequest(HttpRequest):
    """A request of a person who is signed in, of whichever team."""

    user: User


class TeamRequest(HttpRequest):
    """A request that passed the gate: its user is signed in and a member of `team` with `role`, who may not look at
    the runs `hidden` for now."""

    user: User
    team: Team
    role: str
    hidden: HiddenRuns


def open_to_everybody(view: View) -> View:
    """Say of a view outside every team that whoever asks may have it; it looks after itself.

    Every address is either below a team and has `verb`, or carries `open_to`: an address without either was forgotten.
    """

    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return _marked(open_view, "everybody")


def signed_in_page(view: View) -> View:
    """Guard a page outside every team, such as the profile: who is not signed in is sent to sign in, and back."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
        return view(request, *args, **kwargs)

    return _marked(gated, "signed-in")


def team_page(verb: Verb) -> Callable[[View], View]:
    """Guard a page below /t/<team>/: the view is called as view(request, team, **kwargs) with the Team itself.

    Not signed in: to the sign-in page and back. Not a member: 404, as if there were no such team. Without the right,
    or for a run that the person is still to judge: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, team: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
            return view(request, _entered(request, team, verb, kwargs), **kwargs)

        gated.verb = verb  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return gated

    return decorate


def team_api(verb: Verb, methods: Sequence[str] = ("GET",)) -> Callable[[Callable[..., Any]], View]:
    """Guard an API view below /api/t/<team>/ in the same way; its errors are JSON: 401, 404, 403.

    A program that comes with a token is let into the token's own team only, with the rights that both the token's
    scopes and its maker's role come with. Pages take no tokens.
    """

    def decorate(view: Callable[..., Any]) -> View:
        @wraps(view)
        def gated(request: Request, team: str, **kwargs: Any) -> Any:
            return view(request, _entered(request, team, verb, kwargs), **kwargs)

        guarded: View = api_view(list(methods))(gated)
        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return decorate


def by_method(**views: View) -> View:
    """One address of the API whose methods ask for different rights: by the method's name a view that team_api guards.

    What has no view of its own is answered by the first, which refuses it. `verb` is the first one's, `verbs` says all.
    """
    first = next(iter(views.values()))

    @wraps(first)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return views.get(request.method or "", first)(request, *args, **kwargs)

    chosen.verbs = {method: view.verb for method, view in views.items()}  # type: ignore[attr-defined]
    return chosen


def may_also(request: Request, verb: Verb) -> bool:
    """Whether who asks an API view has another right than the one the gate has asked for: the role comes with it, and
    of a token the scopes do as well."""
    token, role = request.auth, request._request.role  # type: ignore[attr-defined]  # put there by the gate
    return verb in ALLOWED[Role(role)] and (not isinstance(token, ApiToken) or verb in token.scopes)


def hidden_from(request: Request) -> HiddenRuns:
    """What is hidden from whom an API view answers, as TeamRequest.hidden is for a page."""
    hidden: HiddenRuns = request._request.hidden  # type: ignore[attr-defined]  # put there by the gate
    return hidden


def _marked(view: View, open_to: OpenTo) -> View:
    view.open_to = open_to  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return view


def _entered(request: HttpRequest | Request, slug: str, verb: Verb, named: Mapping[str, Any]) -> Team:
    """The team, once all is asked: whether the person may be here, and may look at what the address has `named`."""
    user: User | AnonymousUser = request.user
    token = getattr(request, "auth", None)
    membership = membership_of(user, slug)
    if membership is None or (isinstance(token, ApiToken) and token.team_id != membership.team_id):
        raise Http404
    if isinstance(token, ApiToken) and verb not in token.scopes:
        raise PermissionDenied(
            f"This token comes with {', '.join(token.scopes)}, and not with {verb!r}. Make one that does."
        )
    # On the plain request, because templates are given that one; before anything is refused, so that a member who is
    # refused keeps the team's bar.
    plain: Any = getattr(request, "_request", request)
    plain.team, plain.role = membership.team, membership.role
    plain.hidden = hidden_runs(cast(User, user), membership.team, membership.role)
    if not allows(membership, verb):
        raise PermissionDenied(
            f"Your role in {membership.team} is {membership.role}, which does not come with the right {verb!r}: "
            f"{SAID[verb].lower()}. An owner of the team can give you another role."
        )
    plain.hidden.refuse(*(named[name] for name in RUNS_NAMED if name in named))
    return membership.team
