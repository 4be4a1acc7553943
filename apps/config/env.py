"""Strict readers of environment variables; a spelling they do not know is refused with a sentence, never guessed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH = 50


def text(name: str, default: str | None = None) -> str:
    """Return the variable as it stands. Without a default it must be set and not be empty."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set; it is missing or empty.")
    return value


def is_given(name: str) -> bool:
    """Whether the variable is set, by itself or as a file."""
    return name in os.environ or f"{name}_FILE" in os.environ


def text_or_file(name: str, default: str | None = None) -> str:
    """Return the variable, or the one line of the file that NAME_FILE names; both at once are refused.

    A variable is seen by whoever may look at the process; a file is given to whom it is mounted for.
    """
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return text(name, default)
    if name in os.environ:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; leave one of them out.")
    found = _contents(Path(path), f"{name}_FILE")
    if len(found.splitlines()) != 1:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which must hold one line; found {len(found.splitlines())}."
        )
    return found


def flag(name: str, *, default: bool) -> bool:
    """Return true for "1" or "true", false for "0" or "false"; everything else is refused."""
    found = os.environ.get(name)
    if found is None:
        return default
    known = {"1": True, "true": True, "0": False, "false": False}
    if found not in known:
        raise ImproperlyConfigured(f"{name} must be 1, true, 0 or false; found {found!r}.")
    return known[found]


def number(name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number from low to high, both included."""
    found = os.environ.get(name)
    if found is None:
        return default
    if not found.isascii() or not found.isdigit() or not low <= int(found) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}; found {found!r}.")
    return int(found)


def one_of(name: str, known: tuple[str, ...], *, default: str | None = None) -> str:
    """Return one of the known words, spelled as they are. Without a default it must be set."""
    found = os.environ.get(name, default)
    if found not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}; found {found!r}.")
    return found


def names(name: str, *, default: list[str] | None = None) -> list[str]:
    """Return a comma-separated list; empty entries are refused. Without a default it must be set."""
    found = os.environ.get(name)
    if found is None and default is not None:
        return default
    parts = [part.strip() for part in (found or "").split(",")]
    if not all(parts):
        raise ImproperlyConfigured(
            f"{name} must be names with commas between them, such as a.org,b.org; found {found!r}."
        )
    return parts


def folder(name: str, *, default: Path) -> Path:
    """Return an absolute path; a relative one would mean another folder in every process."""
    found = Path(os.environ.get(name) or default)
    if not found.is_absolute():
        raise ImproperlyConfigured(f"{name} must be an absolute path; found {str(found)!r}.")
    return found


def secret_from(path: Path, name: str) -> str:
    """Return the secret in the file; a short one is refused, since it can be guessed."""
    found = _contents(path, name)
    if len(found) < SECRET_LENGTH:
        raise ImproperlyConfigured(
            f"The secret in {path} ({name}) must have at least {SECRET_LENGTH} characters; found {len(found)}."
        )
    return found


def database(url: str) -> dict[str, Any]:
    """Return Django's description of postgresql://user:password@host:port/name?host=/socket/folder&sslmode=…

    Other schemes and unknown options are refused by name.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL must start with postgresql://; found {parts.scheme or 'no scheme'!r}."
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    socket_folder = options.pop("host", "")
    unknown = set(options) - {"sslmode", "sslrootcert", "connect_timeout", "application_name"}
    if unknown:
        raise ImproperlyConfigured(f"DATABASE_URL has unknown options: {', '.join(sorted(unknown))}.")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must name a database: postgresql://user@host/NAME.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket_folder or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(options),
    }


def broker(url: str) -> str:
    """Return the address of a Redis or Valkey server; cache and channels use it too, so other brokers are refused."""
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ImproperlyConfigured("BROKER_URL must look like redis://:password@host:port/0 (or rediss://).")
    if parts.path.strip("/") and not parts.path.strip("/").isdigit():
        raise ImproperlyConfigured(f"BROKER_URL must end in the number of a database; found {parts.path.strip('/')!r}.")
    return url


def neighbour(url: str) -> str:
    """Return the address of the next numbered database: clearing the cache must not clear the queue."""
    parts = urlsplit(url)
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + 1}").geturl()


def _contents(path: Path, name: str) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ImproperlyConfigured(f"{name} names {path}, which cannot be read: {reason}.") from error
