"""Registers the area with Django."""

from django.apps import AppConfig
from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.utils.encoding import punycode


class Area(AppConfig):
    """The area `notifications`."""

    name = "minga.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Mail servers are told the site's public name; the machine's own may be localhost, which looks like spam."""
        if settings.HOST:
            DNS_NAME._fqdn = punycode(settings.HOST)  # Django keeps the name there once it has asked the machine
