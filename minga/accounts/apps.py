"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `accounts`."""

    name = "minga.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Fits allauth to sign-in as it is here."""
        from minga.accounts.fitting import fit_allauth

        fit_allauth()
