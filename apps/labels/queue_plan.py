"""Reads what a queue is to be, from a form or from JSON, a sentence for all that is wrong; it builds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from re import fullmatch
from typing import Any

from apps.accounts.models import Membership, Team
from apps.common.errors import Refused
from apps.labels.models import Guideline, LabelQueue
from apps.labels.prelabels import judges_elsewhere
from apps.labels.queue_candidates import Candidates
from apps.labels.queue_filter import QueueFilter, read_queue_filter
from apps.labels.queue_orders import ORDERS, known_order
from apps.labels.queue_reading import SHOWN, Unread, one_of, read_fields, read_number, read_text, refusal_of, whole
from apps.problems.models import ProblemSet
from apps.runs.models import Experiment, Maker

Unit, Mode, Access = LabelQueue.Unit, LabelQueue.Mode, LabelQueue.Access
MOST_WANTED, MOST_MEMBERS = 20, 500
LEASE = (60, 7 * 24 * 3600)
MAX_SEED = 2**63 - 1
ALL = QueueFilter()
BOUND = "Expected a bound from which a score proposes good, or one up to which it proposes bad; found none."


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """A queue as it is to be built, by the fields of LabelQueue. prelabel_scorer: key of the maker whose scores propose
    verdicts; members: ids of users, for whom it is if it is assigned."""

    name: str = ""
    unit: str = Unit.SOLUTION
    mode: str = Mode.EVERY_STEP
    filter: QueueFilter = ALL
    order: str = "random"
    seed: int = 0
    wanted: int = 1
    access: str = Access.OPEN
    guideline: int | None = None
    gold_share: float = 0.0
    screening_pass: float | None = None
    prelabel_scorer: str = ""
    prelabel_good: float | None = None
    prelabel_bad: float | None = None
    lease_s: int = 1800
    hourly_rate: Decimal | None = None
    currency: str = ""
    members: tuple[int, ...] = ()

    def candidates(self, team: Team) -> Candidates:
        """The tasks it would have."""
        return Candidates(team, self.unit, self.filter, known_order(self.order), self.seed, self.mode == Mode.PHASE_ONE)


def read_queue_plan(team: Team, given: Mapping[str, Any]) -> QueuePlan:
    """A plan out of typed texts or values of JSON; an empty one is as if it were not given.

    Raises Refused with a sentence for each field that is unknown, not as expected, or at odds with another one."""
    read, wrong = read_fields(given, READERS, known=KNOWN)
    try:
        read["filter"] = read_queue_filter(_object(given.get("filter")))
    except Refused as refused:
        wrong |= refused.fields
    if wrong:
        raise refusal_of(wrong, "bad-queue")
    plan = QueuePlan(**read)
    wrong = _at_odds(plan) | _missing(team, plan)
    if wrong:
        raise refusal_of(wrong, "bad-queue")
    return plan


def _at_odds(plan: QueuePlan) -> dict[str, str]:
    """What does not go together."""
    wrong = {} if plan.name else {"name": "Expected a name, by which people find the queue; found none."}
    if plan.unit == Unit.STEP and plan.mode in (Mode.FIRST_ERROR, Mode.PHASE_TWO):
        wrong["unit"] = f"Expected branches or solutions, which the mode {plan.mode} goes through; found single steps."
    if plan.filter.answer and (plan.unit != Unit.SOLUTION or plan.mode == Mode.PHASE_ONE):
        wrong["answer"] = "Expected whole solutions where the answer narrows; others have none. Choose an outcome."
    if ORDERS[plan.order].needs_scores and not plan.filter.scorer:
        wrong["scorer"] = f"Expected the scorer that the order {plan.order} goes by; found none. Choose one."
    low, high = plan.prelabel_bad, plan.prelabel_good
    if low is not None and high is not None and low >= high:
        wrong["prelabel_bad"] = f"Expected less than prelabel_good, which is {high:g}; found {low:g}."
    if not plan.prelabel_scorer and not (low is None and high is None):
        wrong["prelabel_scorer"] = "Expected the scorer whose scores propose verdicts; found none. Choose one."
    if (plan.hourly_rate is None) != (not plan.currency):
        wrong["currency"] = "Expected a rate and its currency together; found one without the other."
    return wrong


def _missing(team: Team, plan: QueuePlan) -> dict[str, str]:
    """What is named and is not there; at most seven small queries."""
    wrong, asked = {}, plan.filter
    if asked.experiments:
        found = set(Experiment.objects.filter(team=team, pk__in=asked.experiments).values_list("pk", flat=True))
        if gone := [str(pk) for pk in asked.experiments if pk not in found]:
            wrong["experiments"] = f"Expected experiments of this team; found no {', '.join(gone[:10])}."
    if asked.problems and not ProblemSet.objects.filter(team=team, slug=asked.problems).exists():
        wrong["problems"] = f"Expected a problem set of this team; found no {asked.problems[:SHOWN]!r}."
    for name, key in (("scorer", asked.scorer), ("prelabel_scorer", plan.prelabel_scorer)):
        if key and not Maker.objects.filter(key=key).exists():
            wrong[name] = f"Expected the key of a scorer that has scored; found none of the key {key[:SHOWN]!r}."
    if plan.guideline and not Guideline.objects.filter(team=team, pk=plan.guideline, versions__isnull=False).exists():
        wrong["guideline"] = f"Expected a guideline of this team that has a version; found no {plan.guideline}."
    # Who sends verdicts needs no bounds; of who only scores they make the verdicts.
    unbound = plan.prelabel_bad is None and plan.prelabel_good is None
    if plan.prelabel_scorer and unbound and plan.prelabel_scorer not in judges_elsewhere(team):
        wrong["prelabel_good"] = BOUND
    if plan.members:
        known = set(Membership.objects.filter(team=team, user__in=plan.members).values_list("user", flat=True))
        if strangers := [str(pk) for pk in plan.members if pk not in known]:
            wrong["members"] = f"Expected members of this team; found no {', '.join(strangers[:10])}."
    return wrong


def _object(value: object) -> Mapping[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise refusal_of({"filter": f"Expected an object of fields; found {value!r:.60}."}, "bad-queue")
    return value


def _share(value: object) -> float:
    number = read_number(value)
    if not 0 <= number <= 1:
        raise Unread("a share from 0 to 1", value)
    return number


def read_rate(value: object) -> Decimal:
    """Money an hour, to the cent."""
    amount = Decimal(str(read_number(value))).quantize(Decimal("0.01"))
    if not 0 <= amount < 10**8:
        raise Unread("an amount from 0 to 99,999,999.99", value)
    return amount


def read_currency(value: object) -> str:
    """Three letters, as ISO 4217 has them."""
    if not isinstance(value, str) or not fullmatch("[A-Za-z]{3}", value.strip()):
        raise Unread("a currency of three letters, such as EUR", value)
    return value.strip().upper()


def _members(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_MEMBERS:
        raise Unread(f"a list of at most {MOST_MEMBERS} ids of people", value)
    read = whole(1, MAX_SEED)
    return tuple(sorted({read(one) for one in value}))


READERS: dict[str, Callable[[object], Any]] = {
    "name": read_text,
    "unit": one_of(Unit.values),
    "mode": one_of(Mode.values),
    "order": one_of(list(ORDERS)),
    "seed": whole(0, MAX_SEED),
    "wanted": whole(1, MOST_WANTED),
    "access": one_of(Access.values),
    "guideline": whole(1, MAX_SEED),
    "gold_share": _share,
    "screening_pass": _share,
    "prelabel_scorer": read_text,
    "prelabel_good": read_number,
    "prelabel_bad": read_number,
    "lease_s": whole(*LEASE),
    "hourly_rate": read_rate,
    "currency": read_currency,
    "members": _members,
}
KNOWN = tuple(field.name for field in fields(QueuePlan))
