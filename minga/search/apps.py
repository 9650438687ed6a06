"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `search`."""

    name = "minga.search"
    label = "search"
