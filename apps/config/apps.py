"""The Django app config."""

from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Names the app; when it is ready, the Celery app and the system checks are known to the process."""

    name = "apps.config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("apps.config.celery", "apps.config.checks"):
            import_module(module)
