"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `editing`."""

    name = "minga.editing"
    label = "editing"
