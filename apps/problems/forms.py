"""The forms of problem sets: files in, a name and a description; they check sizes and leave content to the formats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify

from apps.problems.formats import PROBLEM_FORMATS
from apps.problems.models import ProblemSet
from apps.problems.services import DESCRIPTION_LIMIT, NAME_LIMIT, TAKEN_SLUGS
from workers.verifiers.checkers import CHECKERS

MIB = 1024 * 1024
_INPUT = {"class": "input", "autocomplete": "off"}


class ImportForm(forms.Form):
    """A file, the set it goes to ("" for a new one, with its name), and how it is read."""

    upload = forms.FileField(
        label="File",
        widget=forms.ClearableFileInput(attrs={"class": "input"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "Expected a file of problems; found an empty file.",
        },
    )
    problem_set = forms.ChoiceField(label="Into", required=False, widget=forms.Select(attrs={"class": "select"}))
    name = forms.CharField(
        label="Name of the new set",
        required=False,
        max_length=NAME_LIMIT,
        help_text="Its address is made of it. Left empty where the problems go to a set that is there.",
        widget=forms.TextInput(attrs={**_INPUT, "dir": "auto"}),
    )
    format = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "select"}))
    checker = forms.ChoiceField(
        label="Checker of rows that name none",
        required=False,
        help_text="GSM8K and MATH name theirs. Without a checker answers stay unjudged.",
        widget=forms.Select(attrs={"class": "select"}),
    )
    keep = forms.ChoiceField(
        choices=(("good", "Keep the good rows"), ("none", "Keep nothing of the file")),
        initial="good",
        widget=forms.RadioSelect,
    )

    def __init__(self, problem_sets: Iterable[ProblemSet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._names = {one.slug: one.name for one in problem_sets}
        self._choose("problem_set", "A new set", self._names.items())
        self._choose("format", "Recognise by content", ((entry.key, entry.label) for entry in PROBLEM_FORMATS))
        self._choose("checker", "None", ((entry.key, entry.label) for entry in CHECKERS))

    def _choose(self, name: str, nothing: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", nothing), *choices]

    def clean_upload(self) -> UploadedFile[Any]:
        """The file, of a size that is taken here."""
        file: UploadedFile[Any] = self.cleaned_data["upload"]
        limit = settings.BRANCHWISE.upload_limit_mib
        if (file.size or 0) > limit * MIB:
            raise forms.ValidationError(
                f"{file.name}: expected at most {limit} MiB; found {(file.size or 0) / MIB:.1f} MiB."
                " Split it, or use manage.py import_problems."
            )
        return file

    def clean(self) -> dict[str, Any]:
        """With `slug`, that of the set they go to."""
        cleaned = self.cleaned_data
        chosen, name = cleaned.get("problem_set"), cleaned.get("name", "").strip()
        if chosen and name:
            self.add_error("name", "Expected either a set that is there or the name of a new one; found both.")
        elif chosen:
            cleaned["slug"] = chosen
        elif not name:
            self.add_error("name", "Expected the name of the new set; found none. Type one, and choose the file again.")
        else:
            cleaned["slug"] = self._new_slug(name)
        return cleaned

    def _new_slug(self, name: str) -> str:
        """A slug that is free: of the name's Latin letters, or "set" where it has none."""
        wanted = slugify(name)[:70].strip("-_") or "set"
        free, number = wanted, 1
        while free in self._names or free in TAKEN_SLUGS:
            number += 1
            free = f"{wanted}-{number}"
        return free


class DescribeForm(forms.Form):
    """Name and description of a set."""

    name = forms.CharField(max_length=NAME_LIMIT, widget=forms.TextInput(attrs={**_INPUT, "dir": "auto"}))
    description = forms.CharField(
        required=False,
        max_length=DESCRIPTION_LIMIT,
        help_text="Where the problems are from, how they were chosen, under which licence.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 6, "dir": "auto"}),
    )
