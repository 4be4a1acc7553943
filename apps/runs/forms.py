"""The form of a launch, its fields made from the catalogues; what was typed is read by launch_reading.py, not here."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from apps.problems.filters import LONGEST, NO_CHECKER
from apps.problems.models import ProblemSet
from apps.runs.launch_reading import DRAWS, FILTER, LIMITS, Draws, Reading, parameter_names
from apps.runs.launching import NAME_LENGTH
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.budget import Budget
from workers.search.strategies import STRATEGIES
from workers.verifiers.checkers import CHECKERS

Choices = Iterable[tuple[str, str]]
TEXT = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
YES_NO = (("true", "yes"), ("false", "no"))
FILTER_LABELS = {
    "text": ("Text", "Found in the statement."),
    "difficulty_min": ("Difficulty from", "Leaves out problems of unknown difficulty."),
    "difficulty_max": ("Difficulty to", "Counts as inside."),
    "source": ("Source", "Found in the source."),
    "checker": ("Checker", "Who tells right from wrong."),
    "position": ("Position", "One problem, by its place in the set."),
    "first": ("First", "At most so many, in the set's order."),
}


class LaunchForm(forms.Form):
    """A field for everything that can be typed. Its errors are the reading's, of those names that are to be shown."""

    def __init__(
        self, reading: Reading, typed: Mapping[str, str], problem_sets: Iterable[ProblemSet], show: Collection[str]
    ) -> None:
        super().__init__(dict(typed), auto_id="launch-%s", label_suffix="")
        self.reading = reading
        for option in dataclasses.fields(reading.strategy.params):
            self.fields[option.name] = of_parameter(option)
        sets = [(one.slug, f"{one.name} ({one.slug})" if one.name != one.slug else one.slug) for one in problem_sets]
        self.fields["strategy"] = select("Strategy", [(entry.key, entry.label) for entry in STRATEGIES])
        self.fields["engine"] = select("Engine", [("", "Choose…"), *((entry.key, entry.label) for entry in ENGINES)])
        self.fields["scorer"] = select("Scorer", [("", "None"), *((entry.key, entry.label) for entry in SCORERS)])
        self.fields["problems"] = select("Problem set", [("", "Choose…"), *sets])
        for name in FILTER:
            self.fields[name] = _of_filter(name)
        for name, limit in LIMITS.items():
            self.fields[name] = of_parameter(field_of(Budget, limit), label=limit.capitalize())
        for name in DRAWS:
            self.fields[name] = of_parameter(field_of(Draws, name))
        self.fields["name"] = text_line("Name", "What the list shows. Empty: strategy and problem set.", NAME_LENGTH)
        keep_what_is_unknown(self, typed)
        for name in reading.errors.keys() & {*show} & self.fields.keys():
            self.add_error(name, reading.errors[name])

    @property
    def parameters(self) -> list[BoundField]:
        """The strategy's own fields."""
        return [self[name] for name in parameter_names(self.reading.strategy)]

    @property
    def filters(self) -> list[BoundField]:
        """The fields that narrow the problem set."""
        return [self[name] for name in FILTER]

    @property
    def limits(self) -> list[BoundField]:
        """The fields of the budget."""
        return [self[name] for name in LIMITS]


class _Choice(forms.CharField):
    """A text chosen from a list; whether it is known is for the catalogues to say, in their own words."""

    widget: forms.Select


def keep_what_is_unknown(form: forms.Form, typed: Mapping[str, str]) -> None:
    """A select without the text that was typed would show another choice in its place."""
    for name, field in form.fields.items():
        text = typed.get(name, "")
        if isinstance(field, _Choice) and text and text not in {str(key) for key, _ in field.widget.choices}:
            field.widget.choices = [*field.widget.choices, (text, f"{text:.60} (unknown)")]


def select(label: str, choices: Choices, help_text: str = "") -> forms.Field:
    """A choice out of (key, label)."""
    widget = forms.Select(attrs={"class": "select"}, choices=list(choices))
    return _Choice(label=label, required=False, help_text=help_text, widget=widget, strip=False)


def text_line(label: str, help_text: str, longest: int | None = None, mode: str = "") -> forms.Field:
    """A line of text; mode: of the keyboard that telephones offer for it."""
    extra: dict[str, Any] = {"inputmode": mode} if mode else {}
    extra |= {"maxlength": longest} if longest else {}
    widget = forms.TextInput(attrs={**TEXT, **extra})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget, strip=False)


def _of_filter(name: str) -> forms.Field:
    label, help_text = FILTER_LABELS[name]
    if name == "checker":
        known = [(entry.key, entry.label) for entry in CHECKERS]
        return select(label, [("", "Any"), *known, (NO_CHECKER, "None")], help_text)
    mode = "" if name in LONGEST else "numeric" if name in ("position", "first") else "decimal"
    return text_line(label, help_text, LONGEST.get(name), mode)


def of_parameter(option: dataclasses.Field[Any], label: str = "") -> forms.Field:
    """A select for choices and for yes or no, else a line of text: a number's own input would drop a mistyped one."""
    known = option.metadata
    label = label or option.name.replace("_", " ").capitalize()
    if "choices" in known:
        return select(label, [(str(choice), str(choice)) for choice in known["choices"]], known["help"])
    if isinstance(option.default, bool):
        return select(label, YES_NO, known["help"])
    whole = isinstance(option.default, int) or "int" in str(option.type)
    mode = "numeric" if whole else "decimal" if "float" in str(option.type) else ""
    return text_line(label, f"{known['help']} {_bounds(option)}".strip(), mode=mode)


def _bounds(option: dataclasses.Field[Any]) -> str:
    """What the field takes and what it is when left empty."""
    low, high = option.metadata.get("minimum"), option.metadata.get("maximum")
    within = (
        [f"{low:,} to {high:,}" if high is not None and high < 10**9 else f"At least {low:,}"]
        if low is not None
        else []
    )
    default = "no limit" if option.default is None else f"{option.default}"
    return f"{'; '.join([*within, f'empty: {default}'])}."


def field_of(cls: type[Any], name: str) -> dataclasses.Field[Any]:
    """The field of a dataclass of parameters that has this name."""
    return next(option for option in dataclasses.fields(cls) if option.name == name)
