"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `matching`."""

    name = "minga.matching"
    label = "matching"
