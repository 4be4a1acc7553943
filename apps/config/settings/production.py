"""A deployment: every address and secret is given, nothing has a default that could be forgotten."""

from __future__ import annotations

from pathlib import Path

from apps.config import env
from apps.config.data_folder import CLONE, data_folder
from apps.config.own_settings import BranchwiseSettings
from apps.config.settings.base import *  # noqa: F403
from apps.config.settings.base import TRUSTED_PROXIES, connections

ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS])
SECRET_KEY = env.secret_from(Path(env.text("SECRET_KEY_FILE")), "SECRET_KEY_FILE")

# A deployment migrates once, in a step of its own, and not whenever one of its processes starts.
BRANCHWISE = BranchwiseSettings(
    clone=CLONE,
    data_dir=data_folder(),
    fixtures_dir=CLONE / "fixtures",
    migrates_itself=False,
    upload_limit_mib=env.number("BRANCHWISE_UPLOAD_LIMIT_MIB", default=256, low=1, high=100_000),
    trusted_proxies=TRUSTED_PROXIES,
)
globals().update(connections(env.text_or_file("DATABASE_URL"), env.broker(env.text_or_file("BROKER_URL"))))

# Said in words, because either silence is wrong somewhere: behind a proxy that ends TLS every page would redirect to
# itself, and without such a proxy anybody could claim to have come by https.
_said_by_proxy = env.one_of("SECURE_PROXY_SSL_HEADER", ("X-Forwarded-Proto", "none"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _said_by_proxy != "none" else None
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
# A probe asks the process itself, without TLS; the answer says nothing.
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31_536_000, low=1, high=63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STATIC_ROOT = CLONE / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
