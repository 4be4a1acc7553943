"""The three people every access rule is tested with: owner, colleague (annotator), stranger (of another team)."""

from __future__ import annotations

from apps.accounts.models import Role, Team, User
from apps.accounts.services import add_member, create_team


def make_team(slug: str) -> Team:
    """Return the team of that slug, made where it is missing."""
    return Team.objects.filter(slug=slug).first() or create_team(slug, slug.capitalize())


def make_owner(team: Team) -> User:
    """Return a member who may do everything."""
    return make_member(team, "owner@example.org", Role.OWNER)


def make_colleague(team: Team) -> User:
    """Return a member who may look and label."""
    return make_member(team, "colleague@example.org", Role.ANNOTATOR)


def make_stranger() -> User:
    """Return an owner of another team, who is nobody in this one."""
    return make_member(make_team("elsewhere"), "stranger@example.org", Role.OWNER)


def make_member(team: Team, email: str, role: Role) -> User:
    """Return a person of that address with that role in the team."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=email.partition("@")[0])
    add_member(team, user, role)
    return user
