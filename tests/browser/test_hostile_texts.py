"""Texts that want to be more than text: shown as they are written, run by nobody, on a page that goes on answering."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.imports.services import import_file
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.judging import wait_until_saved
from tests.imports.records import lines, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<base href=//127.0.0.2/><plaintext>",
    "{{ request }} {% csrf_token %}",
    "javascript:alert(1)",
    "__proto__",
    "\u202eturned round",
)
FORMULAS = (
    "$\\href{javascript:alert(1)}{x}$",
    "$\\includegraphics{http://127.0.0.2/x.png}$",
    "$\\htmlStyle{position:fixed}{x}$",
    "$\\def\\a{\\a\\a}\\a$",
    "$" + "x^{" * 3_000 + "}" * 3_000 + "$",
    "$" + "\\sqrt" * 700 + " x$",
    "$x " * 100_000,
    "$x$ " * 100_000,
)
RUNS_SOMETHING = """() => [...document.querySelectorAll("main *")].filter((element) =>
  ["SCRIPT", "IFRAME", "IMG", "BASE", "OBJECT"].includes(element.tagName)
  || [...element.attributes].some(({ name }) => name.startsWith("on"))
  || element.getAttribute("href")?.startsWith("javascript")).length"""


def imported(team: Team, text: str, name: str = "x") -> Run:
    """A run whose problem, only step and labeller are `text`."""
    step = {"completions": [{"text": text, "rating": 1, "flagged": None}], "human_completion": None}
    wanted = record(
        question={"problem": text, "ground_truth_answer": "5"},
        label={"steps": [{**step, "chosen_completion": 0}], "total_time": 1, "finish_reason": "solution"},
        labeler=text[:100],
    )
    report = import_file(team, io.BytesIO(lines(wanted)), name, format="prm800k")
    assert report.rejected == ()
    return Run.objects.get(experiment=report.experiment)


@pytest.fixture
def visitor(page: Page, server: str, owner: User) -> Page:
    """A signed-in page on which any dialog is a failure."""
    visit.sign_in(page, server, owner)
    page.on("dialog", lambda dialog: pytest.fail(f"The page said {dialog.message}."))
    return page


def test_texts_are_shown_as_they_are_written(visitor: Page, team: Team) -> None:
    runs = [imported(team, text, name=text) for text in HOSTILE]
    for path in ("experiments/", f"experiments/{runs[0].experiment_id}/", "imports/"):
        visitor.goto(f"/t/{team.slug}/{path}")
        assert visitor.evaluate(RUNS_SOMETHING) == 0
    for run, text in zip(runs, HOSTILE, strict=True):
        visitor.goto(f"/t/{team.slug}/runs/{run.pk}/")
        expect(visitor.locator("[data-part=branch] li")).to_contain_text(text)
        assert visitor.evaluate(RUNS_SOMETHING) == 0


def test_no_formula_runs_anything_or_keeps_the_page_from_answering(visitor: Page, team: Team) -> None:
    for text in FORMULAS:
        run = imported(team, text)
        visitor.goto(f"/t/{team.slug}/runs/{run.pk}/")
        expect(visitor.locator("[data-part=branch] li")).to_be_visible()
        visitor.keyboard.press("1")
        wait_until_saved(visitor)
        assert visitor.evaluate(RUNS_SOMETHING) == 0


def test_texts_of_a_megabyte_stand_side_by_side_with_their_beginnings(visitor: Page, team: Team) -> None:
    left, right = (imported(team, f"{begin} {'$x$ word ' * 110_000}", name=begin) for begin in ("one", "two"))
    right.problem = left.problem
    right.save()
    visitor.goto(f"/t/demo/runs/{left.pk}/beside/{right.pk}/")
    texts = visitor.locator(".pair-text")
    expect(texts.first.locator(".katex").first).to_be_attached(timeout=60_000)
    expect(visitor.get_by_text("The first 20,000 of 990,004 characters")).to_have_count(2)
    assert [len(text.evaluate("element => element.innerText")) < 60_000 for text in texts.all()] == [True, True]
    visitor.keyboard.press("s")
    expect(visitor.get_by_role("button", name="Hide scores")).to_have_attribute("aria-pressed", "true")
