"""Forms of the dataset pages, those of export formats made from their options; they store nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms

from apps.datasets.registry import ExportFormat
from apps.datasets.services import NAME_LIMIT
from workers.search.errors import BadParameter
from workers.search.parameters import read_parameters
from workers.search.registry import Entry


class FreezeForm(forms.Form):
    """A name for a new snapshot; it may be left empty."""

    name = forms.CharField(
        max_length=NAME_LIMIT,
        required=False,
        label="Name",
        help_text="What this snapshot is for, such as a round of labelling. It may stay empty.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class OptionsForm(forms.Form):
    """The options of one export format, a field each; `given` is what was chosen."""

    def __init__(self, entry: Entry[ExportFormat], data: Any = None) -> None:
        super().__init__(data, prefix=entry.key, label_suffix="")
        self.entry = entry
        for option in dataclasses.fields(entry.params):
            self.fields[option.name] = _field(option)

    @property
    def given(self) -> dict[str, Any]:
        """The options as they were typed, for `read_parameters`."""
        return {name: value for name, value in self.cleaned_data.items() if value != ""}

    def clean(self) -> dict[str, Any]:
        try:
            read_parameters(self.entry.params, self.given)
        except BadParameter as error:
            self.add_error(error.name, f"Expected {error.expected}; found {error.found}.")
        return self.cleaned_data


def _field(option: dataclasses.Field[Any]) -> forms.Field:
    """A select where the option has choices, else a line of text; left empty it keeps its default."""
    known = option.metadata
    said: dict[str, Any] = {"required": False, "initial": option.default, "help_text": known.get("help", "")}
    if "choices" in known:
        choices = [(choice, str(choice)) for choice in known["choices"]]
        return forms.ChoiceField(choices=choices, widget=forms.Select(attrs={"class": "select"}), **said)
    return forms.CharField(widget=forms.TextInput(attrs={"class": "input"}), **said)
