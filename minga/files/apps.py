"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `files`."""

    name = "minga.files"
    label = "files"

    def ready(self) -> None:
        """A draft that is entered on another's behalf needs its letter."""
        from minga.files.letters import missing_letter
        from minga.registry.drafts import MORE_CHECKS

        MORE_CHECKS.append(missing_letter)
