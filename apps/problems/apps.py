"""The Django app problems."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.problems"
    default_auto_field = "django.db.models.BigAutoField"
