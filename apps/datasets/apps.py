"""The Django app datasets."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.datasets"
    default_auto_field = "django.db.models.BigAutoField"
