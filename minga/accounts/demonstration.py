"""Accounts to try the site with: for one machine, and for nobody who comes from elsewhere.

They exist only while the site has no public name, answer on loopback addresses only, and are refused as soon as a
header says that a proxy stands in between: such a site is reached by others.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

DOMAIN = "demo.minga.invalid"  # a name that can never be a mailbox (RFC 2606)
FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP")


def is_open_to(request: HttpRequest) -> bool:
    """Whether demonstration accounts may be used by this request."""
    if settings.HOST or not _is_loopback(request.META.get("REMOTE_ADDR", "")):
        return False
    return not any(name.startswith("HTTP_X_FORWARDED") or name in FORWARDED for name in request.META)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return False
