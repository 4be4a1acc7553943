"""The Django app accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app; does nothing when it is ready."""

    name = "apps.accounts"
    default_auto_field = "django.db.models.BigAutoField"
