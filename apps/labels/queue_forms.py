"""The form of a new queue and those that steer one; what was typed is read by queue_plan.py, and stored elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from apps.accounts.team_forms import PlainNumber, RefusableForm
from apps.labels.models import LabelQueue, QueueMember
from apps.labels.queue_filter import READERS as FILTER_READERS
from apps.labels.queue_orders import ORDERS
from apps.labels.queue_plan import READERS

Choices = Iterable[tuple[str, str]]
INPUT = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
SEVERAL = ("experiments", "members")
UNITS = {"solution": "Whole solutions", "branch": "Branches", "step": "Single steps"}
MODES = {
    "every-step": "Every step",
    "first-error": "Up to the first error",
    "phase-one": "Phase one: all options for the next step",
    "phase-two": "Phase two: whole solutions, to the first bad step",
}
ANY = ("", "Any")
OUTCOMES = (ANY, ("right", "Right"), ("wrong", "Wrong"), ("no-answer", "No answer"), ("unknown", "Unknown"))
# name: (label, help, choices or None for a line of text); those that the database fills are put in by the form.
FIELDS: dict[str, tuple[str, str, Choices | None]] = {
    "name": ("Name", "By which people find it; labellers read it too.", None),
    "mode": ("Mode", "What is asked of each task.", tuple(MODES.items())),
    "unit": ("Unit", "What one task is.", tuple(UNITS.items())),
    "guideline": ("Guideline", "Shown beside the steps; each label keeps its version.", ()),
    "experiments": ("Experiments", "None chosen: all of the team. Only runs that ended are taken.", ()),
    "problems": ("Problem set", "", ()),
    "strategy": ("Strategy", "", ()),
    "outcome": ("Outcome of the run", "By its chosen answer.", OUTCOMES),
    "answer": ("Answer of the solution", "Of whole solutions alone.", (*OUTCOMES[:3], OUTCOMES[4])),
    "chosen_only": ("Chosen only", "Steps that the run chose.", (ANY, ("yes", "Yes"))),
    "labelled": ("Labelled", "Whether a verdict stands on it.", (ANY, ("no", "Not yet"), ("yes", "Already"))),
    "scorer": ("Scorer", "Whose scores the bounds and the order mean.", ()),
    "score_min": ("Score from", "Of the last step; counts as inside.", None),
    "score_max": ("Score to", "", None),
    "entropy_min": ("Entropy from", "Nats a token, of the last step.", None),
    "entropy_max": ("Entropy to", "", None),
    "difficulty_min": ("Difficulty from", "Of the problem.", None),
    "difficulty_max": ("Difficulty to", "", None),
    "per_problem": ("At most a problem", "The first in the queue's order.", None),
    "first": ("At most in all", "", None),
    "order": ("Order", "", tuple((one.key, one.label) for one in ORDERS.values())),
    "seed": ("Seed", "The same seed is the same order. Empty: 0.", None),
    "wanted": ("People a task", "How many judge each. Empty: 1.", None),
    "access": ("Who may label", "", (("open", "Every member who may label"), ("assigned", "Assigned people only"))),
    "members": ("People", "Have a place from the start.", ()),
    "lease_s": ("Lease, seconds", "After it an unfinished task is offered to others. Empty: 1,800.", None),
    "gold_share": ("Share of gold", "0 to 1, mixed in unseen. Empty: none.", None),
    "screening_pass": ("Pass mark of screening", "0 to 1. Empty: no screening.", None),
    "prelabel_scorer": ("Proposed by", "Whose scores propose a verdict, to be confirmed or changed.", ()),
    "prelabel_good": ("Good from", "Scores from here up propose good.", None),
    "prelabel_bad": ("Bad to", "Scores up to here propose bad.", None),
    "hourly_rate": ("Money an hour", "", None),
    "currency": ("Currency", "Three letters, such as EUR.", None),
}
# What everybody needs to say, in view at once.
ASKED = {
    "What is asked": ("name", "mode", "unit", "guideline"),
    "Runs, order and people": ("experiments", "order", "wanted"),
}
# What few queues need, folded away: heading, what is below it in a word or two, fields.
FOLDED = (
    ("Narrow the runs", "problems, strategy, outcome, difficulty", (
        "problems", "strategy", "outcome", "difficulty_min", "difficulty_max",
    )),
    ("Narrow the steps", "answer, labels, entropy, how many", (
        "answer", "chosen_only", "labelled", "entropy_min", "entropy_max", "per_problem", "first",
    )),
    ("Scores", "whose scores the order goes by, and their bounds", ("scorer", "score_min", "score_max")),
    ("Who labels", "places, lease, seed of the order", ("access", "members", "lease_s", "seed")),
    ("Gold and screening", "tasks of which the verdict is known", ("gold_share", "screening_pass")),
    ("Proposed verdicts", "to be confirmed or changed", ("prelabel_scorer", "prelabel_good", "prelabel_bad")),
    ("Money", "what an hour costs", ("hourly_rate", "currency")),
)  # fmt: skip


class Fold(NamedTuple):
    """Fields under a heading that folds; open where one of them has something to say."""

    title: str
    about: str
    fields: list[BoundField]
    is_open: bool


class QueueForm(forms.Form):
    """A field for everything a queue can be told. Its errors are those of the reading that are to be shown; `told`
    is said below a field in the place of its help."""

    def __init__(
        self,
        typed: QueryDict,
        choices: Mapping[str, Choices],
        errors: Mapping[str, str],
        show: Collection[str],
        told: Mapping[str, str],
    ) -> None:
        super().__init__(typed, auto_id="queue-%s", label_suffix="")
        for name, (label, help_text, known) in FIELDS.items():
            offered = choices.get(name, known)
            self.fields[name] = _field(name, label, told.get(name, help_text), offered, typed)
        for name in errors.keys() & {*show} & self.fields.keys():
            self.add_error(name, errors[name])

    @property
    def asked(self) -> list[tuple[str, list[BoundField]]]:
        """The fields in view under their headings."""
        return [(title, [self[name] for name in names]) for title, names in ASKED.items()]

    @property
    def folded(self) -> list[Fold]:
        """The other fields; a fold is open where a field in it has an error or a value other than its default."""
        return [
            Fold(title, about, bound, any(one.errors or _is_filled(one) for one in bound))
            for title, about, bound in (
                (title, about, [self[name] for name in names]) for title, about, names in FOLDED
            )
        ]


class StateForm(RefusableForm):
    """A state and why."""

    state = forms.ChoiceField(choices=LabelQueue.State.choices)
    reason = forms.CharField(required=False, max_length=2_000)


class MemberForm(RefusableForm):
    """A person's place: a state of QueueMember, or "remove", and why."""

    user = PlainNumber(min_value=1)
    state = forms.ChoiceField(choices=[*QueueMember.State.choices, ("remove", "Remove")])
    reason = forms.CharField(required=False, max_length=2_000)


class RateForm(RefusableForm):
    """A person's own rate as text, empty for the queue's."""

    user = PlainNumber(min_value=1)
    hourly_rate = forms.CharField(required=False, max_length=30)


class SettingsForm(RefusableForm):
    """Money, guideline, the share of gold and the mark of screening, as texts; queue_plan.py reads them."""

    guideline = forms.CharField(required=False, max_length=30)

    hourly_rate = forms.CharField(required=False, max_length=30)
    currency = forms.CharField(required=False, max_length=30)
    gold_share = forms.CharField(required=False, max_length=30)
    screening_pass = forms.CharField(required=False, max_length=30)


class KnownForm(RefusableForm):
    """Where known verdicts are taken from: an own turn, settled steps of a branch, or lines; one of them."""

    kind = forms.ChoiceField(choices=[("gold", "Gold"), ("screening", "Screening")])
    turn = PlainNumber(required=False, min_value=1)
    run = PlainNumber(required=False, min_value=1)
    number = PlainNumber(required=False, min_value=1)
    lines = forms.CharField(required=False, max_length=1_000_000, strip=False)
    remove = PlainNumber(required=False, min_value=1)


SENT_BY_THE_PAGE = ("csrfmiddlewaretoken", "key", "preset")
"""What an address or a form of the page has beside the fields."""


def plan_given(typed: QueryDict) -> dict[str, Any]:
    """What was typed, as read_queue_plan takes it: the filter's fields below `filter`, the rest above."""
    given: dict[str, Any] = {"filter": {}}
    for name in typed:
        value: Any = typed.getlist(name) if name in SEVERAL else typed.get(name)
        if name in FILTER_READERS:
            given["filter"][name] = value
        elif name in READERS or name not in SENT_BY_THE_PAGE:
            given[name] = value
    return given


def _is_filled(field: BoundField) -> bool:
    """Whether it says something else than it does untouched, which of a choice is the first."""
    choices = getattr(field.field.widget, "choices", ())
    first = str(choices[0][0]) if choices and field.name not in SEVERAL else ""
    return field.value() not in (None, "", [], first)


def _field(name: str, label: str, help_text: str, known: Choices | None, typed: QueryDict) -> forms.Field:
    if known is None:
        mode = {} if name in ("name", "currency") else {"inputmode": "decimal"}
        widget: forms.Widget = forms.TextInput(attrs={**INPUT, **mode, **({"dir": "auto"} if name == "name" else {})})
        return forms.CharField(label=label, required=False, help_text=help_text, widget=widget, strip=False)
    choices = list(known)
    if name in SEVERAL:
        several = forms.SelectMultiple(attrs={"class": "select", "size": 5}, choices=choices)
        return forms.Field(label=label, required=False, help_text=help_text, widget=several)
    given = typed.get(name, "")
    if given and given not in {str(key) for key, _ in choices}:
        choices.append((given, f"{given:.60} (unknown)"))
    return forms.CharField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.Select(attrs={"class": "select"}, choices=choices),
    )
