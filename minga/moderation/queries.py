"""Reads moderation: the queue, one's own sheets, and what was said of a version."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from minga.moderation.models import Expertise, Sheet
from minga.registry.models import Version


@dataclass(frozen=True)
class Remark:
    """What a moderator said of a version, for its author."""

    number: int
    marks: dict[str, Any]
    outcome: str
    remark: str
    filed_at: datetime
    name: str  # empty where the process does not show names


@dataclass(frozen=True)
class Proposal:
    """A submission that a moderator may take, with how well it fits her."""

    version: int
    public_id: str
    kind: str
    title: str
    language: str
    objectives: list[int]
    owner: int
    submitted_at: datetime
    wanted: int
    fit: int


def remarks_on(version: Version) -> list[Remark]:
    """The moderators' remarks on a version, once they have decided."""
    with connection.cursor() as cursor:
        cursor.execute("select * from moderation_remarks(%s)", [version.pk])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Remark(**(row | {"marks": _loaded(row["marks"])})) for row in rows]


def queue(person: int) -> list[Proposal]:
    """What a moderator may take, what fits her best first: by objective, then language, then how long it waits."""
    known = expertise_of(person)
    with connection.cursor() as cursor:
        cursor.execute("select * from moderation_queue()")
        found = [Proposal(*row, fit=_fit(known, objectives=row[5], language=row[4])) for row in cursor.fetchall()]
    return sorted(found, key=lambda each: (-each.fit, each.submitted_at, each.version))


def expertise_of(person: int) -> Expertise:
    """What a moderator knows by her own word; nothing yet where she has not said."""
    return Expertise.objects.filter(person=person).first() or Expertise(person=person)


def _fit(known: Expertise, *, objectives: list[int], language: str) -> int:
    """Points: two for each objective that she knows, three for a language that she reads."""
    return 2 * len(set(known.objectives) & set(objectives)) + 3 * (language in known.languages)


def has_room(person: int) -> bool:
    """Whether a moderator has fewer sheets open than she takes at once; beyond, nothing is proposed to her."""
    return open_sheets(person).count() < expertise_of(person).most_at_once


def open_sheets(person: int):
    """The sheets that a moderator has not filed yet."""
    return (
        Sheet.objects.filter(person=person, filed_at=None, given_back_at=None, version__state="in_moderation")
        .select_related("version", "version__record", "version__owner")
        .order_by("taken_at")
    )


def sheet_of(person: int, version: int) -> Sheet | None:
    """A moderator's own sheet of a version."""
    return (
        Sheet.objects.filter(person=person, version=version, given_back_at=None)
        .select_related("version", "version__record", "version__owner")
        .first()
    )


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
