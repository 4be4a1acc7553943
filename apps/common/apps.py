"""The Django app common."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.common"
    default_auto_field = "django.db.models.BigAutoField"
