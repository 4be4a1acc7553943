"""The web application for an ASGI server such as uvicorn."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.production")
http = get_asgi_application()

from apps.common.body_limit import BodyLimit  # noqa: E402
from apps.config.routing import protocols  # noqa: E402  # its consumers need the apps to be loaded first

application = protocols(BodyLimit(http))
