"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `pages`."""

    name = "minga.pages"
    label = "pages"
