"""The form that takes files of traces; it checks their number and size, and leaves their content to the formats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from apps.imports.formats import IMPORT_FORMATS

MOST_FILES = 20
MIB = 1024 * 1024


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or more uploaded files; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = (data or [None]) if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"Expected at most {MOST_FILES} files; found {len(given)}. Send them in turns.")
        return [self._checked(one) for one in given]

    def _checked(self, one: Any) -> UploadedFile[Any]:
        file: UploadedFile[Any] = super().clean(one)
        limit = settings.BRANCHWISE.upload_limit_mib
        if (file.size or 0) > limit * MIB:
            raise forms.ValidationError(
                f"{file.name}: expected at most {limit} MiB; found {(file.size or 0) / MIB:.1f} MiB."
                " Split it, or use manage.py import_traces."
            )
        return file


class ImportForm(forms.Form):
    """Files, the format of all of them or "" for recognised by content, and what to keep of a file with broken rows."""

    uploads = _FilesField(
        widget=_ManyFiles(attrs={"class": "input"}),
        error_messages={
            "required": "Choose at least one file.",
            "empty": "Expected a file of traces; found an empty file.",
        },
    )
    format = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "select"}))
    keep = forms.ChoiceField(
        choices=(("good", "Keep the good rows"), ("none", "Keep nothing of that file")),
        initial="good",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["format"]
        if isinstance(field, forms.ChoiceField):
            known = [(entry.key, entry.label) for entry in IMPORT_FORMATS]
            field.choices = [("", "Recognise by content"), *known]
