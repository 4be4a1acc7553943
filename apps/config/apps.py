"""The Django app config."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.config"
    default_auto_field = "django.db.models.BigAutoField"
