"""The Django app imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.imports"
    default_auto_field = "django.db.models.BigAutoField"
