"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `files`."""

    name = "minga.files"
    label = "files"
