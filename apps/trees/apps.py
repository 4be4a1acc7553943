"""The Django app trees."""

from django.apps import AppConfig


class TreesConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.trees"
    default_auto_field = "django.db.models.BigAutoField"
