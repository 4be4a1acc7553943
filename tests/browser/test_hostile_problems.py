"""Problems that want to be more than text: shown as they are written on every page of problems, and run by nobody."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.problems.rows import read_problem
from apps.problems.services import add_problems, opened_set, store_problems
from tests.browser import visit
from tests.browser.test_hostile_texts import FORMULAS, HOSTILE, RUNS_SOMETHING

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(page: Page, server: str, owner: User) -> Page:
    """A signed-in page on which any dialog is a failure."""
    visit.sign_in(page, server, owner)
    page.on("dialog", lambda dialog: pytest.fail(f"The page said {dialog.message}."))
    return page


def test_problems_are_shown_as_they_are_written(visitor: Page, team: Team) -> None:
    rows = [{"statement": text, "answer": text, "source": text, "checker": "math"} for text in HOSTILE]
    with transaction.atomic():
        hostile_set = opened_set(team, "hostile", HOSTILE[0], HOSTILE[1])
        store_problems(hostile_set, [read_problem(row, {"solution": row["statement"]}) for row in rows])
    for path in ("", "?q=alert", "hostile/", "import/?set=hostile", "hostile/describe/", "hostile/?text=%3Cimg"):
        visitor.goto(f"/t/{team.slug}/problems/{path}")
        assert visitor.evaluate(RUNS_SOMETHING) == 0
    for position, text in enumerate(HOSTILE, start=1):
        visitor.goto(f"/t/{team.slug}/problems/hostile/{position}/")
        expect(visitor.get_by_role("region", name="Statement")).to_have_text(text)
        assert visitor.evaluate(RUNS_SOMETHING) == 0


def test_mathematics_is_typeset_and_hostile_formulas_run_nothing(visitor: Page, team: Team) -> None:
    good = {"statement": "Half of $x^2$.", "answer": "\\frac{x^2}{2}", "checker": "math"}
    rows = [good, *({"statement": text, "answer": text[:1000]} for text in FORMULAS)]
    add_problems(team=team, slug="formulas", name="Formulas", description="", rows=rows)
    visitor.goto(f"/t/{team.slug}/problems/formulas/1/")
    expect(visitor.locator("main .katex")).to_have_count(2)
    for position in range(2, len(rows) + 1):
        visitor.goto(f"/t/{team.slug}/problems/formulas/{position}/")
        expect(visitor.get_by_role("heading", name="Runs")).to_be_visible()
        assert visitor.evaluate(RUNS_SOMETHING) == 0
