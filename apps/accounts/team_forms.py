"""Forms of the people and token pages and of the invitation; they store nothing."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, ClassVar

from django import forms

from apps.accounts.access import SAID
from apps.accounts.forms import CARRIED
from apps.accounts.invitations import EMAIL_LENGTH
from apps.accounts.invitations import NAME_LENGTH as PERSON_NAME_LENGTH
from apps.accounts.models import Role
from apps.accounts.names import in_one_line
from apps.accounts.tokens import DAYS, DAYS_AT_MOST, NAME_LENGTH, SCOPES
from apps.common.errors import Refused

PASSWORD_LENGTH = 1000


class RefusableForm(forms.Form):
    """A form whose service may refuse: the sentences stand beside the fields they are about, else above all."""

    carried: ClassVar[Set[str]] = CARRIED

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")

    def clean(self) -> dict[str, Any]:
        """What was sent, none of it unknown: a role or a team beside what the form asks for is refused by name."""
        unknown = sorted(set(self.data) - set(self.fields) - self.carried)
        if unknown:
            raise forms.ValidationError(f"Unknown field {unknown[0][:60]!r}. Known: {', '.join(self.fields)}.")
        return self.cleaned_data

    def refuse(self, refused: Refused) -> None:
        """Show what the service said."""
        known = {name: text for name, text in refused.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refused.message)


class PlainNumber(forms.IntegerField):
    """A whole number in the digits 0 to 9: Python alone would read 1_0 and ١٠ as ten."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip() and not (value.strip().isascii() and value.strip().isdigit()):
            raise forms.ValidationError(f"Expected a whole number; found {value[:40]!r}.")
        return super().to_python(value)


class RoleForm(forms.Form):
    """One of the roles, and whether the person is sure of giving up a right of their own."""

    role = forms.ChoiceField(choices=Role.choices)
    sure = forms.BooleanField(required=False)


class InviteForm(RefusableForm):
    """Whom to invite, and as what."""

    email = forms.CharField(
        max_length=EMAIL_LENGTH,
        label="E-mail address",
        error_messages={"required": "Say whom to invite."},
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        choices=Role.choices, initial=Role.ANNOTATOR, label="Role", widget=forms.Select(attrs={"class": "select"})
    )


class TokenForm(RefusableForm):
    """A name, rights and days of a new token."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        validators=[in_one_line],
        label="Name",
        help_text="What the token is for, so that you know which one to withdraw.",
        error_messages={"required": "Give the token a name."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        choices=[(verb, SAID[verb]) for verb in SCOPES],
        initial=["look"],
        label="Rights",
        error_messages={"required": "Choose at least one right; a token without any could do nothing."},
        widget=forms.CheckboxSelectMultiple,
    )
    days = PlainNumber(
        min_value=1,
        max_value=DAYS_AT_MOST,
        initial=DAYS,
        label="Days until it expires",
        help_text=f"1 to {DAYS_AT_MOST}.",
        error_messages=dict.fromkeys(("min_value", "max_value"), f"Expected 1 to {DAYS_AT_MOST} days."),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )


class JoinForm(RefusableForm):
    """Name and password of somebody who has no account yet; the address beside them is for password managers alone."""

    carried = CARRIED | {"address"}

    name = forms.CharField(
        max_length=PERSON_NAME_LENGTH,
        validators=[in_one_line],
        label="Your name",
        help_text="As the team sees it, beside your labels.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    password = forms.CharField(
        max_length=PASSWORD_LENGTH,
        strip=False,
        label="Password",
        help_text="At least 12 characters. A few words in a row are easy to keep in mind.",
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        max_length=PASSWORD_LENGTH,
        strip=False,
        label="The same password again",
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password is not None and again is not None and password != again:
            self.add_error("again", "The two passwords differ. Type the same one twice.")
        return self.cleaned_data
