"""The Django app accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app and connects what follows from signing in."""

    name = "apps.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.accounts import signals  # noqa: F401  # connected by being imported
