"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `duplicates`."""

    name = "minga.duplicates"
    label = "duplicates"
