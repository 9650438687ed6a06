"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `notifications`."""

    name = "minga.notifications"
    label = "notifications"
