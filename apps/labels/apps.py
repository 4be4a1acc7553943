"""The Django app labels."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.labels"
    default_auto_field = "django.db.models.BigAutoField"
