"""Versions as rows to take away: the same fields, names and order as the JSON Lines that come in.

Versions are read in chunks with what hangs on them, each chunk in a transaction of its own ("turn"). A hundred thousand
records pass through little memory, and while a slow reader takes her time, or goes away, no transaction is open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.models import QuerySet

from minga.duplicates.merging import merged_into, where_it_went
from minga.registry.catalogue import ROLE_FIELDS, Shape, fields_of
from minga.registry.lifecycle import State
from minga.registry.models import Translation, Version

CHUNK = 500
Turn = Callable[[], AbstractContextManager]
_LISTS = {
    Shape.TEXTS, Shape.CODES, Shape.OBJECTIVES, Shape.COUNTRIES, Shape.CONCEPTS, Shape.ADDRESSES, Shape.ACTORS,
}  # fmt: skip


def complete(versions: QuerySet[Version], *, turn: Turn = nullcontext) -> Iterator[Version]:
    """Versions with all that hangs on them, in the query's order.

    Args:
        versions: which ones.
        turn: makes the context of one chunk's transaction.
    """
    with turn():
        ids = list(versions.values_list("pk", flat=True))
    for first in range(0, len(ids), CHUNK):
        with turn():
            chunk = complete_of_ids(ids[first : first + CHUNK])
        yield from chunk


def complete_of_ids(ids: list[int]) -> list[Version]:
    """The same for some versions by their ids, in this order: four queries for all of them."""
    found = (
        Version.objects.select_related("record", "owner")
        .prefetch_related("participations", "translations")
        .in_bulk(ids)
    )
    _note_merges(found.values())
    return [found[pk] for pk in ids if pk in found]  # one may have gone since the ids were read


def _note_merges(versions: Iterable[Version]) -> None:
    """By what else each record is known, or which one stands for it; nothing for most."""
    kept = [version.record_id for version in versions if version.state != State.MERGED]
    merged = merged_into(kept) if kept else {}
    for version in versions:
        if version.state == State.MERGED:
            went = where_it_went(version.record.public_id)
            version.merges = {"merged_into": went.kept.public_id} if went and went.kept else {}
        elif also := merged.get(version.record_id):
            version.merges = {"also_known_as": [each.public_id for each in also]}


def row_of(version: Version) -> dict[str, Any]:
    """A version in the form of JSON Lines."""
    row: dict[str, Any] = {
        "id": version.record.public_id,
        "external_id": version.record.external_id or None,
        "owner": version.owner.slug,
        "kind": version.kind,
        "editorial_state": version.state,
        "visibility": version.visibility,
    }
    row |= getattr(version, "merges", {})
    by_role: dict[str, list[str]] = defaultdict(list)
    for part in version.participations.all():
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
    row["translations"] = [_translation(each) for each in version.translations.all()]
    return row


def _translation(each: Translation) -> dict[str, Any]:
    row = {"lang": each.language, "origin": each.origin, "authority": each.authority, "title": each.title}
    return row | ({"summary": each.summary} if each.summary else {}) | each.details
