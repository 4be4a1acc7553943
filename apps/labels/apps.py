"""The Django app labels."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Names the app and says which runs are hidden from whom."""

    name = "apps.labels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.labels.hiding import register_hider

        register_hider()
