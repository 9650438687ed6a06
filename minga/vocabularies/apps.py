"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `vocabularies`."""

    name = "minga.vocabularies"
    label = "vocabularies"
