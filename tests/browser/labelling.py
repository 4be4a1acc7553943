"""A queue on whose page somebody labels, and what they said there; it asserts nothing but that the page opens."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import Assignment, Label, LabelQueue, LabelTask
from apps.runs.models import Run
from tests.browser import visit
from tests.factories import make_run_with_tree

TEN_STEPS = (
    "Let $n$ be the number; then $3n + 7 = 2n + 19$.",
    "Subtract $2n$ from both sides: $n + 7 = 19$.",
    "Subtract $7$: $n = 12$.",
    r"Check: $$3 \cdot 12 + 7 = 43, \quad 2 \cdot 12 + 19 = 43.$$",
    "Both sides agree, so $n = 12$ solves the equation.",
    r"The digits of $12$ are $1$ and $2$, whose sum is $\frac{6}{2}$.",
    "The number is even.",
    "It is divisible by $3$ as its digit sum is.",
    "So it is divisible by $6$.",
    r"The answer is \boxed{12}.",
)


def a_queue(team: Team, solutions: Sequence[Sequence[str]] = (TEN_STEPS,), **given: object) -> LabelQueue:
    """An open queue with a task for each solution, a branch of a run of its own."""
    queue = LabelQueue.objects.create(team=team, **{"name": "Convincing wrong, round 3", **given})
    for position, texts in enumerate(solutions):
        run = make_run_with_tree(team, [texts])
        LabelTask.objects.create(queue=queue, run=run, number=len(texts), position=position, wanted=queue.wanted)
    return queue


def a_queue_over(run: Run, number: int, **given: object) -> LabelQueue:
    """An open queue with the one task that ends in this step."""
    queue = LabelQueue.objects.create(team=run.team, **{"name": "Convincing wrong, round 3", **given})
    LabelTask.objects.create(queue=queue, run=run, number=number, position=0, wanted=queue.wanted)
    return queue


def address_of(queue: LabelQueue) -> str:
    """Where the queue's next task is judged."""
    return f"/t/{queue.team.slug}/labelling/queues/{queue.pk}/label/"


def begin(page: Page, server: str, person: User, queue: LabelQueue) -> None:
    """Sign in and come to the page with a task on it."""
    visit.sign_in(page, server, person)
    page.goto(address_of(queue))
    expect(current(page)).to_be_focused()


def rows(page: Page) -> Locator:
    """The rows of the task."""
    return page.locator(".label-row")


def current(page: Page) -> Locator:
    """The row that has the focus."""
    return page.locator(".label-row[aria-current=true]")


def turn_of(queue: LabelQueue, person: User) -> Assignment:
    """The person's first turn at the queue."""
    labeller = labeller_of(queue.team, person)
    return Assignment.objects.filter(task__queue=queue, labeller=labeller).order_by("id")[0]


def standing(queue: LabelQueue, person: User) -> dict[int, str]:
    """What the person says of the steps of their first turn now, by number."""
    turn = turn_of(queue, person)
    rows = Label.objects.filter(run=turn.task.run, labeller=turn.labeller).order_by("id")
    return {row.number: row.verdict for row in rows}
