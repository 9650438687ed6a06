"""What every page has at hand."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from minga import __version__

_LANGUAGE_PREFIX = re.compile(r"^/([a-z]{2})(?=/)")


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    path: str
    is_current: bool


def page(request: HttpRequest) -> dict:
    """The site's name, the page in each language, and its address as others should know it."""
    path = request.path
    current = get_language()
    links = [LanguageLink(code, name, in_language(path, code), code == current) for code, name in settings.LANGUAGES]
    return {
        "site_name": settings.SITE_NAME,
        "site_version": __version__,
        "language_links": links,
        "site_address": site_address(request),
    }


def in_language(path: str, code: str) -> str:
    """The path of the same page in another language."""
    return _LANGUAGE_PREFIX.sub(f"/{code}", path) if _LANGUAGE_PREFIX.match(path) else f"/{code}/"


def site_address(request: HttpRequest) -> str:
    """Scheme and host of this site, without a slash at the end."""
    return settings.SITE_ADDRESS or f"{request.scheme}://{request.get_host()}"
