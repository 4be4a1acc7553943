"""The web application for a WSGI server; pages and API only, sockets need ASGI."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.production")
application = get_wsgi_application()
