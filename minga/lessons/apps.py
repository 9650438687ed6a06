"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `lessons`."""

    name = "minga.lessons"
    label = "lessons"
