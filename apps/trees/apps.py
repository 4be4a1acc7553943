"""The Django app trees."""

from django.apps import AppConfig


class TreesConfig(AppConfig):
    """Names the app; when it is ready, lets runs and steps be written about."""

    name = "apps.trees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what can be written about; models are there only now."""
        from apps.trees.comments import register_targets

        register_targets()
