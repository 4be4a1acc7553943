"""What the settling pages show: disputes and settled steps with their texts, and one step with all about it. What must
not be seen before a step is settled is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import Team, User
from apps.labels.disputes import Dispute, Wanted, dispute_before, disputes_of, place_of
from apps.labels.models import Adjudication, Assignment, Label, LabelTask, OwnStep
from apps.labels.selectors import current_labels, history_of
from apps.labels.settling import NOTHING_SETTLED, RULES
from apps.labels.sides import Entry, Names, Side, entries_of, sides_of
from apps.labels.turn_reading import Shown, branch_of
from apps.labels.verdicts import VERDICTS, Verdict
from apps.runs.models import Run, Score, StepText

Steps = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """A step in a list of disputes: counts by verdict, and what it says."""

    dispute: Dispute
    run: Run
    text: str

    @property
    def counts(self) -> list[tuple[Verdict, int]]:
        """The verdicts that somebody gave, with how many did."""
        return [(VERDICTS[key], count) for key, count in self.dispute.counts.items() if count]


@dataclass(frozen=True, slots=True)
class Case:
    """One step to be settled. sides: who says what; stands: the adjudication that stands, None where the step is open;
    expected: the id of the latest adjudication, which may have opened it; scores: empty while it is open."""

    run: Run
    branch: list[Shown]
    sides: list[Side]
    entries: list[Entry]
    stands: Adjudication | None
    expected: int
    scores: list[Score]
    is_own: bool

    @property
    def step(self) -> Shown:
        """The step itself, the last of its branch."""
        return self.branch[-1]

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that stands by adjudication."""
        return VERDICTS[self.stands.verdict] if self.stands else None

    @property
    def rule(self) -> str:
        """By which rule it stands, in words; empty while the step is open."""
        return RULES.get(self.stands.rule, self.stands.rule) if self.stands else ""


def rows_of(team: Team, disputes: Sequence[Dispute]) -> list[Row]:
    """These disputes with their runs and texts; two queries."""
    steps = [(one.place.run, one.place.number) for one in disputes]
    runs = runs_of(team, steps)
    texts = texts_of(steps)
    return [Row(one, runs[one.place.run], texts.get(step, "")) for one, step in zip(disputes, steps, strict=True)]


def runs_of(team: Team, steps: Steps) -> dict[int, Run]:
    """The team's runs of these steps with problem and experiment, by id; one query."""
    rows = Run.objects.filter(team=team, pk__in={run for run, _ in steps}).select_related("problem", "experiment")
    return {run.pk: run for run in rows}


def texts_of(steps: Steps) -> dict[tuple[int, int], str]:
    """What these steps say, by run and number; one query."""
    return {(row.run_id, row.number): row.text for row in StepText.objects.filter(pk__in=steps)}


def settled_of(team: Team, *, queue: int | None, experiment: int | None, after: int | None) -> QuerySet[Adjudication]:
    """What stands by adjudication, the newest first, from behind that id."""
    later = Adjudication.objects.filter(run=OuterRef("run"), number=OuterRef("number"), pk__gt=OuterRef("pk"))
    rows = Adjudication.objects.filter(~Exists(later), team=team).exclude(verdict="")
    if queue is not None:
        rows = rows.filter(run__in=LabelTask.objects.filter(queue=queue).values("run"))
    if experiment is not None:
        rows = rows.filter(run__experiment=experiment)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return rows.select_related("settled_by__user", "run__problem", "run__experiment").order_by("-pk")


def open_turn_at(user: User, team: Team, run: int) -> Assignment | None:
    """The person's own open turn at the run, of several the oldest."""
    turns = Assignment.objects.filter(task__run=run, task__queue__team=team, labeller__user=user)
    return turns.filter(state=Assignment.State.OPEN).order_by("pk").first()


def case_of(team: Team, user: User, run: int, number: int) -> Case | None:
    """A step of the team with all that is needed to settle it; None where there is no such step. A few queries, however
    much was said of it."""
    found = Run.objects.filter(team=team, pk=run).select_related("problem", "experiment").first()
    branch = branch_of(run, number) if found is not None else []
    if found is None or not branch:
        return None
    history = history_of(run, number)
    settled = [row for row in history if isinstance(row, Adjudication)]
    latest = max(settled, key=lambda row: row.pk, default=None)
    stands = latest if latest is not None and latest.verdict else None
    said = [row for row in history if isinstance(row, Label | OwnStep)]
    current = with_guidelines(run, number, said)
    names = Names(run, number, [*said, *current], hidden=stands is None)
    scores = (
        list(Score.objects.filter(run=run, number=number).select_related("maker").order_by("seq")) if stands else []
    )
    return Case(
        run=found,
        branch=branch,
        sides=sides_of(current, names),
        entries=entries_of(history, names),
        stands=stands,
        expected=latest.pk if latest else NOTHING_SETTLED,
        scores=list(scores) if stands else [],
        is_own=any(label.labeller.user_id == user.pk for label in current),
    )


def with_guidelines(run: int, number: int, said: Sequence[Label | OwnStep]) -> list[Label]:
    """The current labels of a step, as its history has them where it reaches so far: those know their guideline."""
    known = {row.pk: row for row in said if isinstance(row, Label)}
    return [known.get(label.pk, label) for label in current_labels(run, number)]


def beside(team: Team, wanted: Wanted, case: Case) -> dict[str, Any]:
    """The disputes before and behind a step among those that are looked at; two queries."""
    place = place_of(case.run.pk, case.step.number, [side.verdict.key for side in case.sides])
    following = disputes_of(team.pk, wanted, after=place, most=1)
    return {"before": dispute_before(team.pk, wanted, place), "behind": following[0] if following else None}
