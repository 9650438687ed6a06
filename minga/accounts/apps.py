"""Registers the area with Django."""

from django.apps import AppConfig


class Area(AppConfig):
    """The area `accounts`."""

    name = "minga.accounts"
    label = "accounts"
