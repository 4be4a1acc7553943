"""Forms of the settling pages; they store nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.accounts.models import Labeller
from apps.accounts.team_forms import PlainNumber, RefusableForm
from apps.labels.disputes import KINDS, Place, Wanted
from apps.labels.said import REASON_LIMIT
from apps.labels.settling import RULES
from apps.labels.verdicts import VERDICTS

PEOPLE = 1000


def an_id() -> PlainNumber:
    """The id of a thing that need not be named."""
    return PlainNumber(required=False, min_value=1, max_value=2**62)


def a_count(label: str, initial: int) -> PlainNumber:
    """A number of people."""
    shown = forms.NumberInput(attrs={"class": "input"})
    return PlainNumber(min_value=1, max_value=PEOPLE, initial=initial, label=label, widget=shown)


class DisputesForm(RefusableForm):
    """Which disputes are looked at."""

    queue = an_id()
    experiment = an_id()
    kind = forms.ChoiceField(choices=list(KINDS.items()), required=False)
    done = forms.BooleanField(required=False)
    after = forms.RegexField(r"^[01]-[0-9]{1,18}-[0-9]{1,9}$", required=False)

    @property
    def wanted(self) -> Wanted:
        """What the address asks for; call is_valid first."""
        given = self.cleaned_data
        return Wanted(queue=given["queue"], experiment=given["experiment"], kind=given["kind"], done=given["done"])

    @property
    def place(self) -> Place | None:
        """Behind which dispute the page begins."""
        if not self.cleaned_data["after"]:
            return None
        milder, run, number = map(int, self.cleaned_data["after"].split("-"))
        return Place(bool(milder), run, number)


class SettledForm(RefusableForm):
    """Which settled steps are looked at."""

    queue = an_id()
    experiment = an_id()
    after = an_id()


class DecisionForm(RefusableForm):
    """The verdict that is to stand, or an empty one to open the step again. expected: the adjudication that stands as
    far as the page knows, 0 where there is none."""

    verdict = forms.ChoiceField(choices=[("", "")] + [(key, one.name) for key, one in VERDICTS.items()], required=False)
    rule = forms.ChoiceField(choices=list(RULES.items()), label="By", widget=forms.Select(attrs={"class": "select"}))
    reason = forms.CharField(
        required=False,
        max_length=REASON_LIMIT,
        label="Reason",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "dir": "auto"}),
    )
    expected = PlainNumber(min_value=0, max_value=2**62, widget=forms.HiddenInput)


class RuleForm(RefusableForm):
    """The rule by which all disputes of a queue are settled. expected: how many steps the preview said."""

    rule = forms.ChoiceField(
        choices=[("majority", "the majority"), ("senior", "one labeller's verdict")],
        label="Settle by",
        widget=forms.Select(attrs={"class": "select"}),
    )
    least = a_count("At least so many agree", 2)
    of = a_count("of at least so many", 3)
    senior: forms.ModelChoiceField[Labeller] = forms.ModelChoiceField(
        None, required=False, label="The labeller", empty_label="nobody", widget=forms.Select(attrs={"class": "select"})
    )
    reason = forms.CharField(
        required=False,
        max_length=REASON_LIMIT // 2,
        label="Reason",
        help_text="Stands with the rule on every step it settles.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "dir": "auto"}),
    )
    expected = PlainNumber(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data: Any, seniors: Any) -> None:
        super().__init__(data)
        self.fields["senior"].queryset = seniors  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("rule") == "senior" and not cleaned.get("senior") and "senior" not in self.errors:
            self.add_error("senior", "Expected one who labelled in this queue; found nobody. Choose one.")
        least, of = cleaned.get("least"), cleaned.get("of")
        if cleaned.get("rule") == "majority" and least and of and least > of:
            self.add_error("least", f"Expected at most {of}, as many as are asked; found {least}.")
        return cleaned
