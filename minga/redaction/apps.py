"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `redaction`."""

    name = "minga.redaction"
    label = "redaction"
