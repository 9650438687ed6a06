"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `operations`."""

    name = "minga.operations"
    label = "operations"
