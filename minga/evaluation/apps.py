"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `evaluation`."""

    name = "minga.evaluation"
    label = "evaluation"
