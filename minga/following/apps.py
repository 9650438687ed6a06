"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `following`."""

    name = "minga.following"
    label = "following"
