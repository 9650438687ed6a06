"""Personal data in a record's text: pointed out before it is saved or sent, to be removed or marked as an institution's.

Published text never carries a person's contact; contacts are reached through the platform.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from minga.personaldata.finding import Finding, find, label, without
from minga.registry.catalogue import FIELDS, Field, Shape

MARK = "[…]"
KEPT = "institutional_contacts"  # the field that lists contacts of institutions, as they stand in the text
_TEXTS = (Shape.LINE, Shape.TEXT, Shape.TEXTS, Shape.ACTOR, Shape.ACTORS)
# Nothing is found in a text without a sign of an address or six digits close together: most texts are not looked into.
_WORTH_LOOKING = re.compile(r"@|＠|\W(?:at|arroba)\W|(?:\d\W{0,3}){6}", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A piece of personal data in a field."""

    field: Field
    finding: Finding

    @property
    def sort(self) -> str:
        """What it is, in the reader's words."""
        return str(label(self.finding.sort))

    @property
    def text(self) -> str:
        """As it stands in the text."""
        return self.finding.text


def in_values(values: Mapping[str, Any]) -> list[Found]:
    """The personal data in a record's values that nobody has marked as an institution's.

    Args:
        values: by the catalogue's names.
    """
    kept = {_plain(text) for text in values.get(KEPT) or []}
    countries = [code for code in values.get("countries") or [] if isinstance(code, str)]
    found = []
    for each in FIELDS:
        if each.shape not in _TEXTS or each.name == KEPT:
            continue
        for text in _texts(values.get(each.name)):
            found += [Found(each, one) for one in _find(text, countries) if _plain(one.text) not in kept]
    return found


def removed(value: Any, countries: Iterable[str] = ()) -> Any:
    """A field's value without the personal data in it, a mark in its place."""
    codes = list(countries)
    if isinstance(value, list):
        return [removed(item, codes) for item in value]
    return without(value, _find(value, codes), MARK) if isinstance(value, str) else value


def _find(text: str, countries: list[str]) -> list[Finding]:
    return find(text, countries) if _WORTH_LOOKING.search(text) else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _plain(text: str) -> str:
    """Spelling aside: blanks and case."""
    return "".join(text.split()).casefold()
