"""The Celery app: broker and rules from the settings; it knows no task, workers bring theirs with -I workers.tasks."""

from __future__ import annotations

import os

from celery import Celery

from apps.config.sign_of_life import show_where_asked

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.production")

app = Celery("branchwise")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Whoever sends a task by name (apps/runs/dispatch.py) asks for the current app and need not know this module.
app.set_default()
show_where_asked()
