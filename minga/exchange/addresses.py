"""Absolute addresses, as others should know them: made here alone."""

from django.urls import reverse

from minga.registry.paths import PATHS


def lasting(base: str, public_id: str) -> str:
    """The address of a record that is cited: without language or kind, so that it lasts.

    Args:
        base: scheme and host, see design.context.site_address.
        public_id: of the record.
    """
    return base + reverse("short-address", args=[public_id])


def page(base: str, kind: str, public_id: str) -> str:
    """A record's page in the current language."""
    return base + reverse("record", args=[PATHS[kind], public_id])


def list_page(base: str, kind: str, query: str = "") -> str:
    """The page of a list in the current language."""
    path = reverse("records-of-kind", args=[PATHS[kind]]) if kind else reverse("records")
    return base + path + (f"?{query}" if query else "")


def list_feed(base: str, kind: str, query: str = "") -> str:
    """The feed of a list in the current language."""
    path = reverse("feed-of-kind", args=[PATHS[kind]]) if kind else reverse("feed")
    return base + path + (f"?{query}" if query else "")
