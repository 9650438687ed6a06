"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `access`."""

    name = "minga.access"
    label = "access"
