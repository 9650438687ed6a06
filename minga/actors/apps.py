"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `actors`."""

    name = "minga.actors"
    label = "actors"
