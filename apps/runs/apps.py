"""The Django app runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.runs"
    default_auto_field = "django.db.models.BigAutoField"
