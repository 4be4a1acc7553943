"""The pages of labelling lead to one another: one set of tabs, the present one marked, none to where one may not go."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, Team, User
from apps.accounts.services import add_member

pytestmark = pytest.mark.django_db

PAGES = {
    "queues": "Queues",
    "settling": "Settling",
    "settled": "Settling",
    "quality": "Quality",
    "cost": "Cost",
    "guidelines": "Guidelines",
}
TAB = re.compile(r'<a class="chip" href="[^"]*"( aria-current="\w+")?>(\w+)</a>')


def tabs(client: Client, team: Team, page: str) -> list[tuple[str, str]]:
    """What the tabs say, each with its mark."""
    words = client.get(reverse(f"labelling:{page}", args=[team.slug])).content.decode()
    _, found, after = words.partition('<nav class="chips" aria-label="Labelling">')
    assert found, words
    return TAB.findall(after.partition("</nav>")[0])


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_labelling_has_the_same_tabs_and_marks_its_own(client: Client, team: Team, page: str) -> None:
    reviewer = User.objects.create_user("reviewer@branchwise.test")
    add_member(team, reviewer, Role.REVIEWER)
    client.force_login(reviewer)
    found = tabs(client, team, page)
    assert [name for _, name in found] == ["Queues", "Settling", "Quality", "Cost", "Guidelines"]
    assert [name for mark, name in found if mark] == [PAGES[page]]


def test_who_only_looks_is_led_to_queues_and_guidelines(client: Client, team: Team) -> None:
    viewer = User.objects.create_user("viewer@branchwise.test")
    add_member(team, viewer, Role.VIEWER)
    client.force_login(viewer)
    assert [name for _, name in tabs(client, team, "queues")] == ["Queues", "Guidelines"]
