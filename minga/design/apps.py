"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `design`."""

    name = "minga.design"
    label = "design"
