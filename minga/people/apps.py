"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `people`."""

    name = "minga.people"
    label = "people"
