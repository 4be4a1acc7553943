"""Makes gold and screening tasks out of verdicts that are known to be right; it judges nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from apps.accounts.models import User
from apps.common.errors import Refused
from apps.labels.models import Assignment, GoldVerdict, Label, LabelQueue, LabelTask
from apps.labels.selectors import settled_verdicts
from apps.labels.verdicts import BY_RATING

KINDS = (LabelTask.Kind.GOLD, LabelTask.Kind.SCREENING)
KNOWN = tuple(verdict.key for verdict in BY_RATING.values())
REASON_LIMIT, MOST_LINES = 2_000, 2_000
BRANCH = """
    WITH RECURSIVE branch AS (
        SELECT s.number, s.parent FROM runs_step s JOIN runs_run r ON r.id = s.run_id
        WHERE s.run_id = %(run)s AND s.number = %(number)s AND r.team_id = %(team)s
        UNION ALL
        SELECT s.number, s.parent FROM branch b JOIN runs_step s ON s.run_id = %(run)s AND s.number = b.parent
    ) SELECT number FROM branch ORDER BY number
"""


class Known(NamedTuple):
    """The verdict that is right on a step, and why."""

    verdict: str
    reason: str = ""


def known_from_turn(queue: LabelQueue, by: User, kind: str, turn: int) -> LabelTask:
    """A known task out of a turn that `by` submitted in one of the team's queues, with what they say there now."""
    own = Assignment.objects.filter(labeller__user=by, task__queue__team=queue.team_id)
    found = own.filter(pk=turn, state=Assignment.State.SUBMITTED).select_related("task").first()
    if found is None:
        raise _refused("turn", f"Expected a turn of your own that you submitted; found no {turn}.", status=404)
    rows = Label.objects.filter(assignment=found).order_by("number", "-id").distinct("number")
    known = {row.number: Known(row.verdict, row.critique or row.reason) for row in rows if row.verdict in KNOWN}
    return add_known(queue, by, kind, found.task.run_id, found.task.number, known)


def known_from_settled(queue: LabelQueue, by: User, kind: str, run: int, number: int) -> LabelTask:
    """A known task out of the branch to a step, with the verdicts that were settled on it."""
    settled = settled_verdicts(run)
    known = {step: Known(settled[step]) for step in _branch(queue, run, number) if settled.get(step) in KNOWN}
    return add_known(queue, by, kind, run, number, known)


def known_from_lines(queue: LabelQueue, by: User, kind: str, text: str) -> list[LabelTask]:
    """Known tasks out of lines `run step verdict reason…`, all or none; a run's last step ends its task."""
    runs: dict[int, dict[int, Known]] = {}
    lines = [(place, line) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines or len(lines) > MOST_LINES:
        raise _refused("lines", f"Expected 1 to {MOST_LINES:,} lines; found {len(lines):,}.")
    for place, line in lines:
        run, number, verdict, *reason = [*line.split(maxsplit=3), "", "", ""][:4]
        if not (run.isascii() and run.isdigit() and number.isascii() and number.isdigit() and len(run + number) < 28):
            raise _refused("lines", f"Line {place}: expected a run, a step and a verdict; found {line[:60]!r}.")
        runs.setdefault(int(run), {})[int(number)] = Known(verdict, reason[0] if reason else "")
    with transaction.atomic():
        return [add_known(queue, by, kind, run, max(known), known) for run, known in runs.items()]


@transaction.atomic
def add_known(queue: LabelQueue, by: User, kind: str, run: int, number: int, known: Mapping[int, Known]) -> LabelTask:
    """A task of that kind about the branch to step `number` of a run, with the verdicts that are right on it.

    Raises Refused for an unknown kind or verdict, a step outside the branch or the team's runs, no verdict at all, and
    where the queue has this task already (409)."""
    if kind not in KINDS:
        raise _refused("kind", f"Expected one of {', '.join(KINDS)}; found {kind[:60]!r}.")
    branch = _branch(queue, run, number)
    if not known:
        raise _refused("verdicts", "Expected at least one verdict that is known; found none. Settle or label it first.")
    for step, one in known.items():
        if step not in branch:
            raise _refused("verdicts", f"Expected steps of the branch to {number} of run {run}; found step {step}.")
        if one.verdict not in KNOWN:
            raise _refused(
                "verdicts", f"Unknown verdict {one.verdict[:60]!r} on step {step}. Known: {', '.join(KNOWN)}."
            )
        if len(one.reason) > REASON_LIMIT or "\0" in one.reason:
            raise _refused("verdicts", f"Expected a reason of at most {REASON_LIMIT:,} readable characters on {step}.")
    LabelQueue.objects.select_for_update().get(pk=queue.pk)
    tasks = LabelTask.objects.filter(queue=queue, kind=kind)
    if tasks.filter(run=run, number=number).exists():
        raise _refused("number", f"Step {number} of run {run} is {kind} in this queue already.", status=409)
    last = tasks.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    task = LabelTask.objects.create(queue=queue, run_id=run, number=number, kind=kind, position=position)
    GoldVerdict.objects.bulk_create(
        GoldVerdict(task=task, number=step, verdict=one.verdict, reason=one.reason, created_by=by)
        for step, one in sorted(known.items())
    )
    return task


@transaction.atomic
def remove_known(queue: LabelQueue, task: int) -> None:
    """Take a known task out of the queue. Raises Refused where there is none (404), or somebody has had it (409)."""
    found = LabelTask.objects.select_for_update().filter(queue=queue, kind__in=KINDS, pk=task).first()
    if found is None:
        raise _refused("task", "There is no such known task in this queue.", status=404)
    if found.assignments.exists():
        raise _refused("task", "Somebody has had this task; what they said of it stays, and it with them.", status=409)
    found.delete()


def _branch(queue: LabelQueue, run: int, number: int) -> set[int]:
    """The steps from the root to a step of a run of the queue's team."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCH, {"run": run, "number": number, "team": queue.team_id})
        branch = {step for (step,) in cursor.fetchall()}
    if not branch:
        raise _refused("number", f"Expected a step of a run of this team; found no {number} in run {run}.", status=404)
    return branch


def _refused(name: str, sentence: str, *, status: int = 400) -> Refused:
    return Refused(sentence, code="bad-gold", status=status, fields={name: sentence})
