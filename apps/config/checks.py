"""System checks: settings that would be unsafe or wrong stop the process with a sentence; it repairs none of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def check_policy(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The content security policy is on and lets no inline script or foreign host in."""
    directives: Any = settings.CONTENT_SECURITY_POLICY.get("DIRECTIVES", {})
    faults: list[CheckMessage] = []
    if "csp.middleware.CSPMiddleware" not in settings.MIDDLEWARE:
        faults.append(
            Error(
                "The content security policy is not sent.",
                hint="Add csp.middleware.CSPMiddleware.",
                id="branchwise.E001",
            )
        )
    for word in ("'unsafe-inline'", "'unsafe-eval'", "*"):
        if word in directives.get("script-src", ()):
            faults.append(
                Error(f"script-src allows {word}.", hint="Load scripts as files of our own.", id="branchwise.E002")
            )
    return faults


@register(Tags.security)
def check_hosts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every host is named: a wildcard would let a foreign page reach a server on this machine by its own name."""
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        found = ", ".join(settings.ALLOWED_HOSTS)
        return [Error(f"ALLOWED_HOSTS names no single hosts: {found}.", hint="List each host.", id="branchwise.E003")]
    return []


@register(Tags.database)
def check_database(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The database is PostgreSQL: COPY, advisory locks and conditional updates are used as it has them."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine != "django.db.backends.postgresql":
        return [
            Error(f"The database must be PostgreSQL; found {engine}.", hint="Set DATABASE_URL.", id="branchwise.E004")
        ]
    return []


@register(Tags.security)
def check_api(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The API answers JSON only and asks for a signed-in person unless a view says otherwise."""
    framework = settings.REST_FRAMEWORK
    if framework["DEFAULT_RENDERER_CLASSES"] != ["rest_framework.renderers.JSONRenderer"]:
        return [
            Error("The browsable API is on.", hint="Leave JSONRenderer as the only renderer.", id="branchwise.E005")
        ]
    if framework["DEFAULT_PERMISSION_CLASSES"] != ["rest_framework.permissions.IsAuthenticated"]:
        return [
            Error("The API is open by default.", hint="Leave IsAuthenticated as the default.", id="branchwise.E006")
        ]
    return []
