"""The page of a team's people: members, their roles, and invitations; every address is checked by the gate."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.invitation_letter import Sent, send_letter
from apps.accounts.invitations import (
    A_DAY_AT_MOST,
    VALID_FOR,
    invitation_of,
    invite,
    open_invitations,
    withdraw_invitation,
)
from apps.accounts.models import Invitation, Role, Team
from apps.accounts.people import change_role, is_last_owner, member_of, members_of, remove_member, rights
from apps.accounts.team_forms import InviteForm, RoleForm
from apps.common.errors import Refused
from apps.common.throttles import limited

PAGE_MEMBERS = 50
SEARCH_LENGTH = 254


@never_cache
@require_GET
@team_page("people")
def people(request: TeamRequest, team: Team) -> HttpResponse:
    """Members, invitations, and what each role may do."""
    return _page(request, team, InviteForm())


@require_POST
@team_page("people")
def role(request: TeamRequest, team: Team, *, member: int) -> HttpResponse:
    """Give a member another role; who gives up being an owner is asked first, because they cannot take it back."""
    place, form = member_of(team, member), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Expected one of the roles {', '.join(Role.values)}; nothing was changed.")
        return redirect("people:people", team=team.slug)
    wanted = Role(form.cleaned_data["role"])
    is_self = place.user_id == request.user.pk
    if is_self and wanted != Role.OWNER and not is_last_owner(place) and not form.cleaned_data["sure"]:
        return _confirm_own_role(request, team, member, wanted)
    try:
        changed = change_role(team, member, wanted, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{changed.user} is {changed.get_role_display().lower()} of {team}.")
    return redirect("people:people", team=team.slug) if not is_self or wanted == Role.OWNER else redirect("/")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("people")
def remove(request: TeamRequest, team: Team, *, member: int) -> HttpResponse:
    """Ask whether the member is to go, and what stays; remove them by POST."""
    place = member_of(team, member)
    if request.method != "POST":
        return _confirm_removal(request, team, member)
    try:
        remove_member(team, member, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("people:people", team=team.slug)
    if place.user_id == request.user.pk:
        messages.success(request, f"You have left {team}.")
        return redirect("/")
    messages.success(request, f"{place.user} does not belong to {team} any more. Their labels stay.")
    return redirect("people:people", team=team.slug)


@never_cache
@require_POST
@team_page("people")
@limited("invite", "30/m")
def invitations(request: TeamRequest, team: Team) -> HttpResponse:
    """Invite somebody, and show the link, this once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form, status=400)
    return _invited(request, team, form, form.cleaned_data["email"], Role(form.cleaned_data["role"]))


@never_cache
@require_POST
@team_page("people")
@limited("invite", "30/m")
def invite_again(request: TeamRequest, team: Team, *, invitation: int) -> HttpResponse:
    """Replace an open invitation by a new one with a new link, shown this once; the old link ends."""
    found = invitation_of(team, invitation)
    return _invited(request, team, InviteForm(), found.email, Role(found.role))


@require_POST
@team_page("people")
def withdraw(request: TeamRequest, team: Team, *, invitation: int) -> HttpResponse:
    """End an open invitation."""
    try:
        found = withdraw_invitation(team, invitation)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"The invitation of {found.email} is withdrawn; its link does not work any more.")
    return redirect("people:people", team=team.slug)


def invitation_link(request: HttpRequest, token: str) -> str:
    """The whole address at which the invitation is accepted."""
    return request.build_absolute_uri(reverse("accounts:invitation", args=[token]))


def _invited(request: TeamRequest, team: Team, form: InviteForm, email: str, role: Role) -> HttpResponse:
    try:
        made, token = invite(team, email, role, by=request.user)
    except Refused as refused:
        if form.is_bound:
            form.refuse(refused)
        else:
            messages.error(request, refused.message)
        return _page(request, team, form, status=refused.status)
    link = invitation_link(request, token)
    return _page(request, team, InviteForm(), made=made, link=link, letter=send_letter(made, link))


def _page(
    request: TeamRequest,
    team: Team,
    form: InviteForm,
    *,
    made: Invitation | None = None,
    link: str = "",
    letter: Sent = "no server",
    status: int = 200,
) -> HttpResponse:
    search = request.GET.get("q", "").strip().replace("\0", "")[:SEARCH_LENGTH]
    shown = {
        "page": Paginator(members_of(team, search=search), PAGE_MEMBERS).get_page(request.GET.get("page")),
        "query_tail": f"&{urlencode({'q': search})}" if search else "",
        # By POST the page stands at another address than its list.
        "pager_address": reverse("people:people", args=[team.slug]),
        "search": search,
        "roles": Role.choices,
        "rights": rights(),
        "form": form,
        "made": made,
        "link": link,
        "letter": letter,
        "invitations": list(open_invitations(team)),
        "valid_days": VALID_FOR.days,
        "a_day_at_most": A_DAY_AT_MOST,
    }
    return render(request, "people/people.html", shown, status=status)


def _confirm_own_role(request: TeamRequest, team: Team, member: int, wanted: Role) -> HttpResponse:
    shown = {
        "title": "Give up being an owner?",
        "sentences": [
            f"You will be {wanted.label.lower()} of {team} and cannot undo this: only an owner can make you one again.",
            "Invitations and API tokens that you made for this team are withdrawn.",
        ],
        "action": reverse("people:role", args=[team.slug, member]),
        "values": {"role": wanted.value, "sure": "on"},
        "button": f"Become {wanted.label.lower()}",
        "back": reverse("people:people", args=[team.slug]),
        "place_name": "People",
    }
    return render(request, "people/confirm.html", shown)


def _confirm_removal(request: TeamRequest, team: Team, member: int) -> HttpResponse:
    place = member_of(team, member)
    is_self = place.user_id == request.user.pk
    who = "You" if is_self else str(place.user)
    shown = {
        "title": f"Leave {team}?" if is_self else f"Remove {place.user} from {team}?",
        "sentences": [
            f"{who} ({place.user.email}) will see nothing of the team from this moment on, on pages that are open too."
            if not is_self
            else "You will see nothing of the team from this moment on.",
            "Labels stay, and the name beside them. Invitations and API tokens made for this team are withdrawn. "
            "Coming back takes a new invitation.",
        ],
        "action": reverse("people:remove", args=[team.slug, member]),
        "values": {},
        "button": "Leave the team" if is_self else "Remove",
        "back": reverse("people:people", args=[team.slug]),
        "place_name": "People",
        "refused": "The last owner cannot go. Make somebody else an owner first." if is_last_owner(place) else "",
    }
    return render(request, "people/confirm.html", shown)
