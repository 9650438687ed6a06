"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `accounts`."""

    name = "minga.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Fits allauth's locks to our two connections."""
        from minga.accounts.locking import lock_where_the_rows_are

        lock_where_the_rows_are()
