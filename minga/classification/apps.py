"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `classification`."""

    name = "minga.classification"
    label = "classification"
