"""Parts of addresses that name a kind of record or a record."""

from django.urls import register_converter

from minga.common.ids import ALPHABET
from minga.registry.paths import PATTERN


class Plural:
    """practices, pledges, ..."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PublicId:
    """A record's public id."""

    regex = f"[{ALPHABET}]{{10}}"
    to_python = to_url = staticmethod(str)


register_converter(Plural, "plural")
register_converter(PublicId, "record_id")
