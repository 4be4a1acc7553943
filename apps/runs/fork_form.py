"""The form of a fork, its fields made from the catalogues; what was typed is read by fork_reading.py, not here."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from apps.runs.fork_reading import ForkReading
from apps.runs.forks import TEXT_LIMIT
from apps.runs.forms import field_of, keep_what_is_unknown, of_parameter, select, text_line
from apps.runs.launch_reading import DRAWS, LIMITS, Draws, parameter_names
from apps.runs.launching import NAME_LENGTH
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.budget import Budget
from workers.search.strategies import STRATEGIES

TEXT_HELP = (
    "What the branch ends with. Changed, it is marked as edited by you; unchanged, the step is inherited as it is."
)

# Not seen in a field, and without it the first step that is drawn begins in the middle of a line.
BREAK_HELP = " The step ends with a line break: keep it, and what is drawn next begins on a line of its own."


class ForkForm(forms.Form):
    """A field for everything that can be typed. Its errors are the reading's, of those names that are to be shown."""

    def __init__(self, fork: ForkReading, typed: Mapping[str, str], show: Collection[str]) -> None:
        super().__init__(dict(typed), auto_id="fork-%s", label_suffix="")
        self.fork = fork
        self.fields["kind"] = forms.CharField(required=False)
        self.fields["seq"] = text_line(
            "Event", "The last one that is kept: it goes on after the move it ends.", mode="numeric"
        )
        self.fields["text"] = forms.CharField(
            label=f"Text of step {fork.origin.step}",
            required=False,
            strip=False,
            help_text=TEXT_HELP + (BREAK_HELP if fork.origin.text.endswith("\n") else ""),
            widget=forms.Textarea(attrs={"class": "textarea mono", "rows": 4, "maxlength": TEXT_LIMIT, "dir": "auto"}),
        )
        known: dict[str, tuple[str, Any]] = {
            "strategy": ("Strategy", STRATEGIES),
            "engine": ("Engine", ENGINES),
            "scorer": ("Scorer", SCORERS),
        }
        for name, (label, entries) in known.items():
            nothing = "None" if name == "scorer" else "Choose…"
            self.fields[name] = select(label, [("", nothing), *((entry.key, entry.label) for entry in entries)])
        for name, option in self._options(typed).items():
            self.fields[name] = option
        self.fields["name"] = text_line("Name", "What lists show. Empty: where it was forked.", NAME_LENGTH)
        keep_what_is_unknown(self, typed)
        for name in fork.errors.keys() & {*show} & self.fields.keys():
            self.add_error(name, fork.errors[name])

    def _options(self, typed: Mapping[str, str]) -> dict[str, forms.Field]:
        strategy = self.fork.reading.strategy
        shown = dataclasses.fields(strategy.params) if typed.get("strategy") == strategy.key else ()
        found: dict[str, Any] = {option.name: of_parameter(option) for option in shown}
        for name, limit in LIMITS.items():
            found[name] = of_parameter(field_of(Budget, limit), label=limit.capitalize())
        return {**found, **{name: of_parameter(field_of(Draws, name)) for name in DRAWS}}

    @property
    def parameters(self) -> list[BoundField]:
        """The strategy's own fields; none until one is chosen."""
        return [self[name] for name in parameter_names(self.fork.reading.strategy) if name in self.fields]

    @property
    def limits(self) -> list[BoundField]:
        """The fields of the budget."""
        return [self[name] for name in LIMITS]

    @property
    def is_folded(self) -> bool:
        """Whether nothing is wrong in the part of the form that is folded away first."""
        return not self.errors.keys() & {*LIMITS, *DRAWS, "name"} - {"seed"}

    @property
    def besides(self) -> list[BoundField]:
        """What the draws come from besides the seed."""
        return [self[name] for name in DRAWS if name != "seed"]
