"""Versions as rows to take away: the same fields, names and order as the JSON Lines that come in.

Read in chunks with what hangs on them, so that a hundred thousand records pass through little memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from minga.registry.catalogue import ROLE_FIELDS, Shape, fields_of
from minga.registry.models import Participation, Translation, Version

CHUNK = 500
_LISTS = {
    Shape.TEXTS, Shape.CODES, Shape.OBJECTIVES, Shape.COUNTRIES, Shape.CONCEPTS, Shape.ADDRESSES, Shape.ACTORS,
}  # fmt: skip


def rows_of(versions: QuerySet[Version]) -> Iterator[dict[str, Any]]:
    """One row a version, in the query's order."""
    ids = list(versions.values_list("pk", flat=True))
    for first in range(0, len(ids), CHUNK):
        yield from rows_of_ids(ids[first : first + CHUNK])


def rows_of_ids(ids: list[int]) -> Iterator[dict[str, Any]]:
    """The rows of some versions, in the given order: three queries for all of them."""
    found = Version.objects.select_related("record", "owner").in_bulk(ids)
    parts = _grouped(Participation.objects.filter(version__in=ids).order_by("version", "position"))
    translations = _grouped(Translation.objects.filter(version__in=ids).order_by("version", "language"))
    for pk in ids:
        if pk in found:  # may have gone since the ids were read
            yield row_of(found[pk], parts[pk], translations[pk])


def _grouped(query: Iterable) -> dict[int, list]:
    grouped = defaultdict(list)
    for each in query:
        grouped[each.version_id].append(each)
    return grouped


def row_of(version: Version, parts: list[Participation], translations: list[Translation]) -> dict[str, Any]:
    """A version in the form of JSON Lines."""
    row: dict[str, Any] = {
        "id": version.record.public_id,
        "external_id": version.record.external_id or None,
        "owner": version.owner.slug,
        "kind": version.kind,
        "editorial_state": version.state,
        "visibility": version.visibility,
    }
    by_role: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        by_role[part.role].append(part.name_as_given)
    details = version.details
    for each in fields_of(version.kind):
        if each.name in ROLE_FIELDS:
            names = by_role[ROLE_FIELDS[each.name]]
            row[each.name] = names if each.shape is Shape.ACTORS else next(iter(names), None)
        else:
            value = getattr(version, each.column) if each.column else details.get(each.name)
            row[each.name] = (value or []) if each.shape in _LISTS else (None if value == "" else value)
    # What belongs to another kind or is not known at all was kept, so it goes out again.
    row |= {name: value for name, value in details.items() if name not in row and name != "other"}
    row |= details.get("other", {})
    row["translations"] = [_translation(each) for each in translations]
    return row


def _translation(each: Translation) -> dict[str, Any]:
    row = {"lang": each.language, "origin": each.origin, "authority": each.authority, "title": each.title}
    return row | ({"summary": each.summary} if each.summary else {}) | each.details
