"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `moderation`."""

    name = "minga.moderation"
    label = "moderation"
