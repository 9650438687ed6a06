"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `audit`."""

    name = "minga.audit"
    label = "audit"
