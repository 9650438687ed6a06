"""The content of a version as a value: what a line of JSON Lines, a form or a workbook row comes to.

`Content` holds every field of the catalogue that was given, already checked and in one spelling. Two contents are
the same when their fingerprints are; that is how an import knows that nothing changed.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from minga.common.partial_dates import year_of
from minga.registry.catalogue import BY_NAME, FIELDS, ROLE_FIELDS, Shape

AMERICAS = "Americas"


@dataclass(frozen=True)
class Content:
    """The checked values of a record's fields, by the catalogue's names; absent ones are not there."""

    kind: str
    values: dict[str, Any]
    translations: tuple[dict[str, Any], ...] = ()
    other: dict[str, Any] = field(default_factory=dict)  # what a line held beyond the catalogue; kept, not shown

    @property
    def fingerprint(self) -> str:
        """A digest of all that a reader would see."""
        whole = {
            "kind": self.kind,
            "values": {name: value for name, value in self.values.items() if value not in (None, "", [])},
            "translations": list(self.translations),
            "other": self.other,
        }
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def participants(self) -> list[tuple[str, str]]:
        """(role, name as given) of all actors, in order."""
        found = []
        for name, role in ROLE_FIELDS.items():
            value = self.values.get(name)
            names = [value] if BY_NAME[name].shape is Shape.ACTOR and value else value or []
            found += [(role, each) for each in names]
        return found

    def columns(self, american: frozenset[str]) -> dict[str, Any]:
        """The values as columns of a version.

        Args:
            american: the ISO alpha-3 codes of the countries and territories of the Americas.
        """
        columns: dict[str, Any] = {}
        details: dict[str, Any] = {}
        for each in FIELDS:
            value = self.values.get(each.name)
            if each.column:
                columns[each.column] = value if value is not None else _empty(each.shape)
            elif value is not None and each.name not in ROLE_FIELDS:
                details[each.name] = value
        if self.other:
            details["other"] = self.other
        columns["details"] = details
        columns["year"] = year_of(columns["starts"])
        columns["is_of_region"] = columns["region"] == AMERICAS or bool(american.intersection(columns["places"]))
        columns["fingerprint"] = self.fingerprint
        return columns


def _empty(shape: Shape) -> Any:
    many = {Shape.CODES, Shape.OBJECTIVES, Shape.COUNTRIES, Shape.CONCEPTS}
    return [] if shape in many else ""
