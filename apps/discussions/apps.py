"""The Django app discussions."""

from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.discussions"
    default_auto_field = "django.db.models.BigAutoField"
