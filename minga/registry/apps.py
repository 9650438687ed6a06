"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `registry`."""

    name = "minga.registry"
    label = "registry"
