"""Where letters go out: reads EMAIL_URL strictly into Django's settings; without it no letter is ever sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

SHAPE = "smtps://user:password@host:465?from=branchwise@example.org (or smtp+starttls://, or smtp:// without TLS)"
# By scheme: the usual port, TLS from the first byte, TLS after a plain greeting.
SCHEMES: dict[str, tuple[int, bool, bool]] = {
    "smtps": (465, True, False),
    "smtp+starttls": (587, False, True),
    "smtp": (25, False, False),
}
TIMEOUT_S = 10


def letters(url: str) -> dict[str, Any]:
    """Return the settings that follow from the address of a mail server; an empty one leaves EMAIL_HOST empty.

    Raises ImproperlyConfigured for another scheme, a missing host or sender, and options nobody knows.
    """
    if not url:
        return {"EMAIL_HOST": "", "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL must look like {SHAPE}; found scheme {parts.scheme!r}.")
    options = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    sender = options.pop("from", "")
    if options:
        raise ImproperlyConfigured(f"EMAIL_URL has unknown options: {', '.join(sorted(options))}. Known: from.")
    try:
        validate_email(sender)
    except ValidationError as error:
        raise ImproperlyConfigured(f"EMAIL_URL must say who writes, as ?from=…; found {sender!r}.") from error
    port, tls, starttls = SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_TIMEOUT": TIMEOUT_S,
        "DEFAULT_FROM_EMAIL": sender,
    }
