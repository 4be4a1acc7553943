"""Forms of the guideline pages; they store nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.accounts.team_forms import PlainNumber, RefusableForm
from apps.labels.guidelines import NAME_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT


def text_field() -> forms.CharField:
    """The words of a guideline; their length is checked where they are stored."""
    shown = {
        "class": "textarea guideline-text",
        "rows": 20,
        "maxlength": TEXT_LIMIT,
        "dir": "auto",
        "data-part": "text",
    }
    return forms.CharField(
        label="Text",
        help_text="Markdown; formulas between dollar signs. Examples help more than rules.",
        widget=forms.Textarea(attrs=shown),
    )


class OfferedForm(RefusableForm):
    """A form that may begin with what is offered."""

    def __init__(self, data: Any = None, *, offered: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.initial = dict(offered or {})


class GuidelineForm(OfferedForm):
    """A guideline with its first version."""

    name = forms.CharField(
        max_length=NAME_LIMIT, label="Name", widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    )
    text = text_field()
    must_read = forms.BooleanField(
        required=False,
        initial=True,
        label="Must be read before labelling",
        help_text="Whoever labels in a queue with this guideline confirms first that they have read it.",
    )


class VersionForm(OfferedForm):
    """A new version of a guideline. since: the number of the version that it follows."""

    text = text_field()
    summary = forms.CharField(
        label="What changed",
        help_text="Shown to those who read the version before.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "maxlength": SUMMARY_LIMIT, "dir": "auto"}),
    )
    must_read = forms.BooleanField(
        required=False,
        initial=True,
        label="Must be read again",
        help_text="Everybody confirms that they have read it before they label on. Leave it out for a slip of the pen.",
    )
    since = PlainNumber(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReadingForm(RefusableForm):
    """That one has read a version. queue: the queue whose labelling page one came from, if any."""

    queue = PlainNumber(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class PageForm(RefusableForm):
    """Which page of a table."""

    page = PlainNumber(required=False, min_value=1, max_value=2**31 - 1)


class ComparedForm(RefusableForm):
    """The number of the version that another is compared with; empty: the one before it."""

    against = PlainNumber(required=False, min_value=1, max_value=2**31 - 1)
