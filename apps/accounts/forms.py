"""Forms of signing in and of the profile: labels of our own, no placeholders; what is checked is said beside it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms

from apps.accounts.models import Theme
from apps.accounts.names import in_one_line

PASSWORD_HELP = "At least 12 characters. A few words in a row are easy to remember and hard to guess."  # noqa: S105
CODE_HELP = "Six digits from your authenticator app, or one of your recovery codes."
# Fields that every form carries besides its own.
CARRIED = {"csrfmiddlewaretoken", "next"}


class Plain:
    """Dresses a form's controls as the style sheets want them and takes placeholders away: a label stays in view
    while one writes. `words` gives label and help by field. A field the form does not have is refused by name."""

    words: dict[str, tuple[str, str]] = {}  # each form declares its own
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, control in self.fields.items():
            control.label, control.help_text = self.words.get(name, (control.label, ""))
            control.widget.attrs.pop("placeholder", None)
            control.widget.attrs["class"] = "select" if isinstance(control.widget, forms.Select) else "input"

    def clean(self) -> Any:
        unknown = sorted(set(self.data) - set(self.fields) - CARRIED)  # type: ignore[attr-defined]
        if unknown:
            raise forms.ValidationError(f"Unknown field {unknown[0][:60]!r}. Known: {', '.join(self.fields)}.")
        return super().clean()  # type: ignore[misc]


class SignInForm(Plain, account.LoginForm):
    words = {"login": ("E-mail", ""), "password": ("Password", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Present password", ""),
        "password1": ("New password", PASSWORD_HELP),
        "password2": ("New password again", ""),
    }


class SetPasswordForm(Plain, account.SetPasswordForm):
    words = {"password1": ("Password", PASSWORD_HELP), "password2": ("Password again", "")}


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    words = {"email": ("E-mail", "")}


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    words = {"password1": ("New password", PASSWORD_HELP), "password2": ("New password again", "")}


class ConfirmPasswordForm(Plain, account.ReauthenticateForm):
    words = {"password": ("Password", "")}


class CodeForm(Plain, factor.AuthenticateForm):
    words = {"code": ("Code", CODE_HELP)}


class ConfirmCodeForm(Plain, factor.ReauthenticateForm):
    words = {"code": ("Code", CODE_HELP)}


class ActivateForm(Plain, totp.ActivateTOTPForm):
    words = {"code": ("Code", "Six digits that the app shows once it knows the secret.")}


class ProfileForm(Plain, forms.Form):
    """Name, theme and time zone of a person."""

    words = {
        "name": ("Name", "What your colleagues see beside your labels and launches."),
        "theme": ("Theme", ""),
        "time_zone": ("Time zone", "Exact times are shown in it."),
    }
    name = forms.CharField(
        max_length=100,
        required=False,
        validators=[in_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    theme = forms.ChoiceField(
        choices=[(Theme.SYSTEM, "As the system says"), (Theme.LIGHT, "Light"), (Theme.DARK, "Dark")]
    )
    time_zone = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(TIME_ZONES - {"UTC"}))]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]


class ThemeForm(Plain, forms.Form):
    """The theme alone, as the button in the bar sends it."""

    theme = forms.ChoiceField(choices=Theme.choices)


# Names of places only; the rest of the database are old spellings and fixed offsets.
TIME_ZONES = frozenset(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
) | {"UTC"}
