"""Takes rows into the registry: checks each, finds the record that it means, and adds, revises or leaves it.

Identity: a row's `id` means this installation's own record if there is one of that id; else the owner's record of that
external id; else a new record, of which it becomes the external id. So importing the same file again, or an export,
changes nothing. Rows go in by batches, each in a transaction of its own: a bad row never takes others with it, and an
import that was stopped is simply started again.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from minga.actors.changes import propose_actors
from minga.actors.models import Actor
from minga.actors.resolving import Resolver
from minga.audit.by import By
from minga.exchange.jsonlines import Line
from minga.registry import changes
from minga.registry.catalogue import ROLE_FIELDS
from minga.registry.checking import ERROR, WARNING, Known, Problem, check
from minga.registry.content import Content
from minga.registry.knowing import what_is_known
from minga.registry.lifecycle import LISTED, OPEN
from minga.registry.models import Record, Version, Visibility

BATCH = 500
MOST_PROBLEMS = 10_000  # kept for the report; the counts go on


@dataclass
class Report:
    """What became of the rows: rows = accepted + unchanged + refused."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def note(self, row: int, problem: Problem, sheet: str = "") -> None:
        """Keep a problem, with where it is."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"severity": problem.severity, "sheet": sheet, "row": row,
                                  **{name: value for name, value in asdict(problem).items() if name != "severity"}})  # fmt: skip


@dataclass
class _Row:
    """A checked row on its way in."""

    number: int
    raw: dict[str, Any]
    content: Content
    owner: int
    record: Record | None = None
    versions: list[Version] = field(default_factory=list)


@dataclass
class Importer:
    """One import.

    Args:
        by: who imports.
        at: when.
        owner: the id of the actor that owns what names no owner.
        publish: list the records as taken from a public source.
        source: where they were taken from, for rows that give no source.
        kind: the kind of rows that name none.
        dry_run: check and match everything, and keep nothing.
        turn: makes the context of one batch's transaction.
    """

    by: By
    at: datetime
    turn: Callable[[], AbstractContextManager]
    publish: bool = False
    source: str = ""
    kind: str | None = None
    dry_run: bool = False
    report: Report = field(default_factory=Report)

    def run(self, lines: Iterable[Line], progress: Callable[[int], None] = lambda rows: None) -> Report:
        """Import all lines.

        Args:
            lines: what was read.
            progress: called after each batch with the number of rows done.
        """
        with self.turn():
            self._known: Known = what_is_known()
            self._resolver = Resolver()
            self._owners = dict(Actor.objects.exclude(kind="territory").values_list("slug", "pk"))
            self._secretariat = self._owners[settings.SECRETARIAT]
            self._slug_of = {pk: slug for slug, pk in self._owners.items()}
            self._american = frozenset(Actor.objects.filter(m49_region="019").values_list("country", flat=True))
        self._seen: dict[tuple[int, str], int] = {}
        for batch in _batches(lines):
            with self.turn():
                self._take(batch)
                if self.dry_run:
                    transaction.set_rollback(True)
            progress(self.report.rows)
        return self.report

    def _take(self, batch: list[Line]) -> None:
        rows = [row for line in batch if (row := self._checked(line))]
        self._find_records(rows)
        new = []
        for row in rows:
            if row.record is None:
                new.append(self._draft(row))
                self.report.accepted += 1
            else:
                self._revise(row)
        if new:
            changes.add_records(new, from_source=self.publish, by=self.by, at=self.at)

    def _checked(self, line: Line) -> _Row | None:
        self.report.rows += 1
        if line.row is None:
            return self._refuse(line.number, Problem(ERROR, "", line.code, line.message))
        content, problems = check(line.row, known=self._known, kind=self.kind)
        for problem in problems:
            self.report.note(line.number, problem)
        if content is None:
            self.report.refused += 1
            return None
        owner = self._owner_of(line)
        if owner is None or not self._takes_envelope(line):
            return None
        row = _Row(line.number, line.row, content, owner)
        return row if self._is_first(row) else None

    def _refuse(self, number: int, problem: Problem) -> None:
        self.report.note(number, problem)
        self.report.refused += 1

    def _owner_of(self, line: Line) -> int | None:
        slug = line.row.get("owner")
        if not slug:
            return self._secretariat
        if slug in self._owners:
            return self._owners[slug]
        message = _("No actor is known by the short name “%(slug)s”. Leave “owner” out or use a known one.")
        return self._refuse(line.number, Problem(ERROR, "owner", "unknown_owner", message % {"slug": str(slug)[:80]}))

    def _takes_envelope(self, line: Line) -> bool:
        """Check the fields that speak of the record: ids and visibility."""
        for name in ("id", "external_id"):
            value = line.row.get(name)
            if value is not None and (not isinstance(value, str | int) or len(str(value)) > 200 or "\x00" in str(value)):
                message = _("“%(field)s” should be a text of at most 200 characters.") % {"field": name}
                self._refuse(line.number, Problem(ERROR, name, "unusable_id", message))
                return False
        visibility = line.row.get("visibility")
        if visibility and visibility not in Visibility.values:
            message = _("The visibility is one of: %(values)s.") % {"values": ", ".join(Visibility.values)}
            self._refuse(line.number, Problem(ERROR, "visibility", "unknown_visibility", message))
            return False
        return True

    def _is_first(self, row: _Row) -> bool:
        """The same id twice in one file: the first one counts."""
        name = str(row.raw.get("id") or row.raw.get("external_id") or "")
        if not name:
            return True
        first = self._seen.setdefault((row.owner, name), row.number)
        if first != row.number:
            message = _("The id “%(id)s” stands in row %(row)d already; this row was left out.")
            self._refuse(row.number, Problem(ERROR, "id", "same_id_twice", message % {"id": name[:80], "row": first}))
        return first == row.number

    def _find_records(self, rows: list[_Row]) -> None:
        """Match a batch's rows with the records there are: own id, then owner and external id."""
        own_ids = [str(row.raw["id"]) for row in rows if row.raw.get("id")]
        external = own_ids + [str(row.raw["external_id"]) for row in rows if row.raw.get("external_id")]
        by_id = {record.public_id: record for record in Record.objects.filter(public_id__in=own_ids)}
        by_external = {
            (record.owner_id, record.external_id): record
            for record in Record.objects.filter(external_id__in=external, owner__in={row.owner for row in rows})
        }
        for row in rows:
            names = [str(row.raw[name]) for name in ("external_id", "id") if row.raw.get(name)]
            found = by_id.get(str(row.raw.get("id"))) or next(
                (by_external[row.owner, name] for name in names if (row.owner, name) in by_external), None
            )
            row.record = found
        versions: dict[int, list[Version]] = {}
        for version in Version.objects.filter(record__in=[row.record for row in rows if row.record]).order_by("number"):
            versions.setdefault(version.record_id, []).append(version)
        for row in rows:
            if row.record:
                row.versions = versions.get(row.record.pk, [])

    def _draft(self, row: _Row) -> changes.Draft:
        return changes.Draft(
            content=row.content,
            owner=row.record.owner_id if row.record else row.owner,
            participants=self._participants(row),
            external_id=str(row.raw.get("external_id") or row.raw.get("id") or ""),
            record=row.record,
            visibility=row.raw.get("visibility") or Visibility.PUBLIC,
            columns=row.content.columns(self._american),
            source=self._source_of(row),
        )

    def _source_of(self, row: _Row) -> str:
        return row.content.values.get("source_url") or self.source

    def _participants(self, row: _Row) -> list[tuple[str, int, str]]:
        """(role, actor, name as given); names that nobody knows become proposed actors."""
        found, unknown = [], []
        for role, name in row.content.participants():
            resolution = self._resolver.resolve(name)
            if resolution.is_ambiguous:
                self._warn_ambiguous(row, role, name, resolution.actors)
            if resolution.actor is None and name not in unknown:
                unknown.append(name)
            found.append((role, resolution.actor, name))
        if unknown:
            language, lead = row.content.values["lang"], row.content.values.get("actor")
            kind = row.content.values.get("actor_type") or "other"
            proposed = propose_actors(
                ((name, language, kind if name == lead else "other") for name in unknown), owner=row.owner
            )
            for name, actor in proposed.items():
                if not self._resolver.resolve(name).is_ambiguous:
                    self._resolver.learn(name, actor)
            found = [(role, actor or proposed[name], name) for role, actor, name in found]
        return found

    def _warn_ambiguous(self, row: _Row, role: str, name: str, actors: tuple[int, ...]) -> None:
        candidates = ", ".join(self._slug_of.get(actor, "?") for actor in actors)
        column = next(column for column, its_role in ROLE_FIELDS.items() if its_role == role)
        message = _("“%(name)s” may mean several actors (%(candidates)s); it was taken as none of them. Name it in full.")
        self.report.note(
            row.number,
            Problem(WARNING, column, "ambiguous_actor", message % {"name": name, "candidates": candidates}),
        )

    def _revise(self, row: _Row) -> None:
        """Give a known record the row's content, where it differs."""
        if row.record.kind != row.content.kind:
            message = _("The record of this id is of another kind (%(kind)s).") % {"kind": row.record.kind}
            return self._refuse(row.number, Problem(ERROR, "kind", "another_kind", message))
        current = _current(row.versions)
        same = current is not None and current.fingerprint == row.content.fingerprint
        same = same and (not row.raw.get("visibility") or current.visibility == row.raw["visibility"])
        try:
            if same and self.publish and current.state in OPEN:
                changes.list_from_source(current, by=self.by, at=self.at, source=self._source_of(row))
            elif same:
                self.report.unchanged += 1
                return None
            elif row.record.withdrawn_at:
                raise changes.NotPossible(_("The record was withdrawn; an import does not bring it back."))
            else:
                changes.revise_record(self._draft(row), from_source=self.publish, by=self.by, at=self.at)
        except changes.NotPossible as problem:
            return self._refuse(row.number, Problem(ERROR, "id", "not_possible", str(problem)))
        self.report.accepted += 1
        return None


def _current(versions: list[Version]) -> Version | None:
    """The version that a row is compared with: the open one, else the listed one, else the last."""
    for states in (OPEN, LISTED):
        for version in versions:
            if version.state in states:
                return version
    return versions[-1] if versions else None


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    iterator = iter(lines)
    while batch := list(islice(iterator, BATCH)):
        yield batch
