"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `inbox`."""

    name = "minga.inbox"
    label = "inbox"
