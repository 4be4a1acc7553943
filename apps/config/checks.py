"""System checks: settings that would be unsafe or wrong stop the process with a sentence; it repairs none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

# What the policy must say, whatever else is added to it: everything is refused that is not named, scripts and styles
# are files of our own, and the one inline script, the import map, carries the nonce of its answer.
POLICY: Mapping[str, Sequence[Any]] = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE],
    "style-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
NEEDED = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",  # refuses hosts that are not ours, on every address
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


@register(Tags.security)
def check_policy(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The content security policy is strict, and is sent, as is everything else that a middleware sees to."""
    faults: list[CheckMessage] = [
        Error(f"MIDDLEWARE lacks {name}.", hint="Put it back in its place.", id="branchwise.E001")
        for name in NEEDED
        if name not in settings.MIDDLEWARE
    ]
    directives: Any = settings.CONTENT_SECURITY_POLICY.get("DIRECTIVES", {})
    for directive, allowed in POLICY.items():
        found = list(directives.get(directive, ()))
        if found != list(allowed):
            says = f"The content security policy says {directive} {found}; expected {list(allowed)}."
            faults.append(Error(says, hint="Load it from a file of our own.", id="branchwise.E002"))
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


@register(Tags.security)
def check_registration(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Nobody makes themself an account: people come by an invitation or by a link of whoever runs the server."""
    # Imported late: allauth's adapters ask for the models, which are there only once the apps are loaded.
    from allauth.account.adapter import get_adapter

    if get_adapter().is_open_for_signup(None):
        hint = "Let is_open_for_signup of the ACCOUNT_ADAPTER return False."
        return [Error("Registration is open.", hint=hint, id="branchwise.E007")]
    return []


@register(Tags.security)
def check_sockets(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only pages of our own hosts open sockets; cross-origin rules of browsers do not hold for these."""
    # Imported late: the consumers ask for the models.
    from apps.config.own_origin import OwnOrigin
    from apps.config.routing import protocols

    if not isinstance(protocols(None).application_mapping["websocket"], OwnOrigin):
        hint = "Wrap the sockets of apps/config/routing.py in OwnOrigin, outermost."
        return [Error("Sockets do not look at the origin of a page.", hint=hint, id="branchwise.E008")]
    return []


@register(Tags.security, deploy=True)
def check_proxy(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Whether a proxy's word on https is believed was said, and not left to the default."""
    said: Any = settings
    if not said.is_overridden("SECURE_PROXY_SSL_HEADER"):
        hint = "Set SECURE_PROXY_SSL_HEADER in the environment, to X-Forwarded-Proto or to none."
        return [Error("Nobody said whose word on https is believed.", hint=hint, id="branchwise.E009")]
    return []
