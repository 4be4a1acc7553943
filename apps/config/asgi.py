"""The web application for an ASGI server such as uvicorn."""

from __future__ import annotations

import multiprocessing
import os
import signal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.production")
django.setup(set_prefix=False)

from apps.common.body_limit import BodyLimit  # noqa: E402
from apps.config.one_thread import OneThreadHandler  # noqa: E402
from apps.config.parent import end_with_parent  # noqa: E402
from apps.config.routing import protocols  # noqa: E402  # its consumers need the apps to be loaded first

# One of several that a web server has: of these nobody else would tell that it is gone.
if (server := multiprocessing.parent_process()) is not None and server.pid is not None:
    end_with_parent(server.pid, signal.SIGTERM)

application = protocols(BodyLimit(OneThreadHandler()))
