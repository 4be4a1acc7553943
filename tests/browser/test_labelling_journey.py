"""A queue over a tree the small models grew: built by the form, judged by two, settled by key, measured, frozen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.datasets.files import open_snapshot
from apps.datasets.lines import trees_of
from apps.datasets.services import take_snapshot
from apps.labels.models import Adjudication, Assignment, Label, LabelQueue, LabelTask
from apps.problems.services import add_problems
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import address_of, current, rows
from tests.factories import make_run_with_tree
from tests.people import make_member
from tests.runs.forking import played

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

KNOWN = ("Right.", "Wrong.")
SLOW_MS = 40_000
MOST_TURNS = 20
Key = Callable[[Locator], str]


@pytest.fixture
def run(team: Team) -> Run:
    """A beam of the small models over one puzzle."""
    rows = [{"statement": "8?2?6?9?8?6=43", "checker": "puzzle"}]
    problem_set = add_problems(team=team, slug="puzzle", name="Puzzle", description="", rows=rows)
    return played(team, problem_set=problem_set, engine="tiny-policy", scorer="tiny-prm")


def build(page: Page, run: Run) -> LabelQueue:
    """Build a queue over the experiment's solutions by the form: two people each, gold and screening, a rate."""
    page.goto("/t/demo/labelling/queues/new/")
    page.get_by_label("Name", exact=True).fill("Beams of the small models")
    page.get_by_label("Experiments").select_option(str(run.experiment_id))
    for fold in ("Gold and screening", "Money"):
        page.locator("summary", has_text=fold).click()
    for label, value in {
        "People a task": "2", "Share of gold": "1", "Pass mark of screening": "0.5",
        "Money an hour": "60", "Currency": "EUR",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    expect(page.locator("#outlook")).to_contain_text("of 1 problem", timeout=SLOW_MS)
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beams of the small models", timeout=SLOW_MS)
    return LabelQueue.objects.get()


def make_known(page: Page, queue: LabelQueue, kind: str, run: Run) -> None:
    """Say by lines what is right of a run with KNOWN as its steps."""
    page.goto(f"/t/demo/labelling/queues/{queue.pk}/gold/")
    form = page.locator("form", has=page.get_by_role("heading", name="Of lines"))
    form.get_by_label("Kind").select_option(kind)
    form.get_by_label("Lines").fill(f"{run.pk} 1 good\n{run.pk} 2 bad It says so.")
    form.get_by_role("button", name="Use these lines").click()
    expect(page.get_by_role("region", name="Known tasks")).to_contain_text(f"run {run.pk}")


def judge_all(page: Page, server: str, person: User, queue: LabelQueue, key: Key) -> None:
    """Judge every task there is for the person; `key` says which key a row gets."""
    visit.sign_in(page, server, person)
    page.goto(address_of(queue))
    for _ in range(MOST_TURNS):
        expect(current(page).or_(page.get_by_role("heading", name="Nothing left for you"))).to_be_visible(
            timeout=SLOW_MS
        )
        if not current(page).count():
            return wait_until_saved(page)
        shown = rows(page).first.element_handle()
        while page.locator("[data-part=foot-said]").text_content() != "All judged":
            page.keyboard.press(key(current(page)))
        page.keyboard.press("Enter")
        shown.wait_for_element_state("hidden")
    raise AssertionError(f"{person} is given no end of tasks")


def as_known(row: Locator) -> str:
    return "1" if KNOWN[1] in (row.text_content() or "") else "3"


def last_is_bad(row: Locator) -> str:
    return "1" if row.evaluate("(row) => !row.nextElementSibling?.matches('.label-row')") else "3"


def settle_all(page: Page, queue: LabelQueue) -> int:
    """Call every disputed step bad by key; how many they were."""
    page.goto(f"/t/demo/labelling/settling/?queue={queue.pk}")
    page.get_by_role("link", name="Begin").click()
    for count in range(1, MOST_TURNS):
        expect(page.get_by_role("heading", name="waits to be settled")).to_be_visible(timeout=SLOW_MS)
        expect(page.locator(".composer")).to_be_visible(timeout=SLOW_MS)
        page.keyboard.press("1")
        expect(page.get_by_role("heading", name="is settled")).to_be_visible(timeout=SLOW_MS)
        # Scripts run once all of the page is there, the link below its heading too.
        expect(page.locator(".composer")).to_be_visible(timeout=SLOW_MS)
        if not page.get_by_role("link", name="Next dispute").count():
            return count
        page.keyboard.press("j")
    raise AssertionError("there is no end of disputes")


def kappa_by_hand(steps: int, differing: int, bad: int) -> float:
    """Cohen's kappa where one says bad `bad` times, the other on `differing` steps more."""
    alike, one, other = 1 - differing / steps, bad / steps, (bad + differing) / steps
    chance = one * other + (1 - one) * (1 - other)
    return (alike - chance) / (1 - chance)


def figure(page: Page, name: str) -> Locator:
    return page.locator(".figure", has=page.get_by_text(name, exact=True))


def test_a_queue_is_built_judged_by_two_settled_measured_and_frozen(
    page: Page, browser: Browser, server: str, team: Team, colleague: User, run: Run
) -> None:
    reviewer, second = (make_member(team, f"{role}@example.org", role) for role in (Role.REVIEWER, Role.ANNOTATOR))
    visit.sign_in(page, server, reviewer)
    queue = build(page, run)
    known = {kind: make_run_with_tree(team, [KNOWN]) for kind in ("screening", "gold")}
    for kind, tree in known.items():
        make_known(page, queue, kind, tree)
    for person, key in ((colleague, as_known), (second, last_is_bad)):
        with another(browser, server) as theirs:
            judge_all(theirs, server, person, queue, key)
    tasks = LabelTask.objects.filter(queue=queue)
    assert {(task.taken, task.submitted) for task in tasks} == {(2, 2)}
    kinds = [
        list(Assignment.objects.filter(labeller=labeller_of(team, person)).order_by("id").values_list("task__kind"))
        for person in (colleague, second)
    ]
    assert [[kind for (kind,) in one][:2] for one in kinds] == [["screening", "gold"]] * 2
    leaves = {task.number for task in tasks if task.kind == "normal"}
    assert settle_all(page, queue) == len(leaves)
    assert {(one.run_id, one.number, one.verdict) for one in Adjudication.objects.all()} == {
        (run.pk, leaf, "bad") for leaf in leaves
    }

    steps = Label.objects.values("run", "number").distinct().count()
    page.goto(f"/t/demo/labelling/quality/?queue={queue.pk}")
    expect(figure(page, "Alike")).to_contain_text(f"{1 - len(leaves) / steps:.2f}")
    cohen = f"{kappa_by_hand(steps, len(leaves), bad=2):.2f}"
    expect(page.get_by_role("region", name="Each two people, table")).to_contain_text(cohen)
    page.goto(f"/t/demo/labelling/cost/?queue={queue.pk}")
    expect(figure(page, "Turns submitted")).to_contain_text(str(2 * tasks.count()))
    expect(figure(page, "Money")).to_contain_text(re.compile(r"\d EUR"))
    with open_snapshot(take_snapshot(team=team).sha256) as lines:
        frozen = {tree.run.id: tree for tree in trees_of(lines)}
    stands = {step.number: step.verdict for step in frozen[run.pk].steps}
    assert {number for number, verdict in stands.items() if verdict == "bad"} == leaves
