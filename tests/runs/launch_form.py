"""What the tests of the launch page fill in and read off it; it asserts only that a page came."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from apps.accounts.models import Team, User
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems

SignIn = Callable[[User], Client]
NEW = "/t/demo/experiments/new/"
WANTED = {"strategy": "beam", "n": "8", "engine": "scripted", "scorer": "scripted", "problems": "mixed", "seed": "3"}


def make_mixed(team: Team) -> ProblemSet:
    """Six problems of difficulty 1 to 6, in words."""
    rows = [{"statement": f"What is {n}?", "answer": str(n), "difficulty": n} for n in range(1, 7)]
    return add_problems(team=team, slug="mixed", name="Mixed", description="", rows=rows)


def shown(client: Client, **given: str) -> str:
    """The page as it is read, entities resolved."""
    answer = client.get(NEW, given)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def typed_in(page: str, name: str) -> str:
    """What stands in the field of that name."""
    if field := re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page):
        value = re.search(r'value="([^"]*)"', field.group())
        return value.group(1) if value else ""
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert select, name
    chosen = re.search(r'value="([^"]*)" selected', select.group())
    return chosen.group(1) if chosen else ""
