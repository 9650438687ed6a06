"""A row on its way in, and the record that it means.

Identity: a row's `id` means this installation's own record if there is one of that id; else the owner's record of that
external id; else a new record, of which it becomes the external id.
"""

from dataclasses import dataclass, field
from typing import Any

from minga.registry.content import Content
from minga.registry.lifecycle import LISTED, OPEN
from minga.registry.models import Record, Version, Visibility


@dataclass(eq=False)
class Row:
    """A checked row."""

    number: int
    raw: dict[str, Any]
    content: Content
    owner: int
    record: Record | None = None
    versions: list[Version] = field(default_factory=list)  # of its record, by number
    participants: list[tuple[str, int, str]] = field(default_factory=list)  # (role, actor, name as given)

    @property
    def names(self) -> list[str]:
        """What the row may be known by, the external id first."""
        return list(dict.fromkeys(str(self.raw[name]) for name in ("external_id", "id") if self.raw.get(name)))

    @property
    def external_id(self) -> str:
        """Of the record that it would become."""
        return next(iter(self.names), "")

    def keys(self) -> set[tuple]:
        """What no other row of the same import may have."""
        own = {("record", self.record.pk)} if self.record else set()
        return own | {(self.owner, name) for name in self.names}

    def version_in(self, states: tuple) -> Version | None:
        """Its record's version in one of the states; there is at most one that is listed and one that is open."""
        return next((version for version in self.versions if version.state in states), None)

    @property
    def standing(self) -> list[Version]:
        """The versions that speak for its record: the listed and the open one, else the last."""
        found = [version for states in (LISTED, OPEN) if (version := self.version_in(states))]
        return found or self.versions[-1:]

    @property
    def same(self) -> Version | None:
        """The standing version that says what the row says; an import of it changes nothing."""
        return next((version for version in self.standing if self._says_the_same(version)), None)

    def _says_the_same(self, version: Version) -> bool:
        asked = self.raw.get("visibility")
        return version.fingerprint == self.content.fingerprint and (not asked or version.visibility == asked)

    def audience(self) -> dict[str, Any]:
        """Who may read what is made of the row: as the row says, else as it was. Never wider by silence."""
        before = self.standing[-1] if self.standing else None
        visibility = self.raw.get("visibility") or (before.visibility if before else Visibility.PUBLIC)
        if before is None or before.visibility != visibility:
            return {"visibility": visibility}
        return {"visibility": visibility, "process": before.process_id, "audience": before.audience}


def find_records(rows: list[Row]) -> None:
    """Match a batch's rows with the records there are, and fetch their versions: three queries."""
    own_ids = [str(row.raw["id"]) for row in rows if row.raw.get("id")]
    by_id = {record.public_id: record for record in Record.objects.filter(public_id__in=own_ids)}
    names = {name for row in rows for name in row.names}
    by_external = {
        (record.owner_id, record.external_id): record
        for record in Record.objects.filter(external_id__in=names, owner__in={row.owner for row in rows})
    }
    for row in rows:
        row.record = by_id.get(str(row.raw.get("id"))) or next(
            (by_external[row.owner, name] for name in row.names if (row.owner, name) in by_external), None
        )
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(record__in=[row.record for row in rows if row.record]).order_by("number"):
        versions.setdefault(version.record_id, []).append(version)
    for row in rows:
        if row.record:
            row.versions = versions.get(row.record.pk, [])
