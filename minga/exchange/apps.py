"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `exchange`."""

    name = "minga.exchange"
    label = "exchange"
