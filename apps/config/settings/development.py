"""One machine, embedded services unless the addresses say otherwise; it serves 127.0.0.1 and needs no build step."""

from __future__ import annotations

import os
from pathlib import Path

from apps.config import env
from apps.config.data_folder import CLONE, data_folder, secret_key
from apps.config.embedded import Services
from apps.config.own_settings import BranchwiseSettings
from apps.config.settings.base import *  # noqa: F403
from apps.config.settings.base import TRUSTED_PROXIES, connections

DEBUG = env.flag("BRANCHWISE_DEBUG", default=False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

BRANCHWISE = BranchwiseSettings(
    clone=CLONE,
    data_dir=data_folder(),
    fixtures_dir=CLONE / "fixtures",
    migrates_itself=True,
    upload_limit_mib=env.number("BRANCHWISE_UPLOAD_LIMIT_MIB", default=256, low=1, high=100_000),
    trusted_proxies=TRUSTED_PROXIES,
)
SECRET_KEY = (
    env.secret_from(Path(os.environ["SECRET_KEY_FILE"]), "SECRET_KEY_FILE")
    if "SECRET_KEY_FILE" in os.environ
    else secret_key(BRANCHWISE.data_dir)
)

_services = Services(BRANCHWISE.data_dir)
globals().update(
    connections(
        env.text_or_file("DATABASE_URL", _services.postgres.url()),
        env.broker(env.text_or_file("BROKER_URL", _services.valkey.url())),
    )
)

# Files are found where they lie, so that nothing has to be collected before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
