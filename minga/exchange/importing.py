"""Takes rows into the registry: checks each, finds the record that it means, and adds, revises or leaves it.

Importing the same file again, or an export, changes nothing (see incoming.py on identity). Rows go in by batches, each
in a transaction of its own: a bad row never takes others with it, and an import that was stopped is simply started
again.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from minga.actors.grants import written_actors
from minga.actors.models import Actor
from minga.audit.by import By
from minga.exchange.incoming import Row, find_records
from minga.exchange.jsonlines import Line
from minga.exchange.naming import Naming
from minga.exchange.reporting import Report
from minga.registry import changes, personal
from minga.registry.catalogue import ROLE_FIELDS
from minga.registry.checking import WARNING, Known, Problem, check
from minga.registry.content import Content
from minga.registry.drafts import personal_problem
from minga.registry.knowing import what_is_known
from minga.registry.lifecycle import LISTED, OPEN, State
from minga.registry.models import Visibility
from minga.registry.moves import merged_already

BATCH = 500
BATCH_BYTES = 8 * 1024 * 1024  # of lines, so that a file of very long ones stays within memory
MOST_FIELDS = 300  # of one row; the catalogue has some fifty
MOST_ACTORS = 500  # of one row
LONGEST_ID = 200


@dataclass
class Importer:
    """One import.

    Args:
        by: who imports.
        at: when.
        publish: list the records as taken from a public source.
        source: where they were taken from, for rows that give no source.
        kind: the kind of rows that name none.
        dry_run: check and match everything, and keep nothing.
        turn: makes the context of one batch's transaction.
        look: called with the rows of each batch that would become new records.
    """

    by: By
    at: datetime
    turn: Callable[[], AbstractContextManager]
    publish: bool = False
    source: str = ""
    kind: str | None = None
    dry_run: bool = False
    look: Callable[[list[Row]], None] = lambda rows: None
    report: Report = field(default_factory=Report)

    def run(self, lines: Iterable[Line], progress: Callable[[int], None] = lambda rows: None) -> Report:
        """Import all lines.

        Args:
            lines: what was read.
            progress: called after each batch with the number of rows done.
        """
        with self.turn():
            self._known: Known = what_is_known()
            self._naming = Naming(warn=self._warn_ambiguous)
            self._owners = self._possible_owners()
            self._default_owner = self._owners.get(settings.SECRETARIAT) or next(iter(self._owners.values()), None)
            self._slug_of = {pk: slug for slug, pk in self._owners.items()}
            self._american = frozenset(Actor.objects.filter(m49_region="019").values_list("country", flat=True))
        self._seen: dict[tuple, int] = {}  # what rows are known by -> number of the first such row
        for batch in _batches(lines):
            with self.turn():
                self._take(batch)
                if self.dry_run:
                    transaction.set_rollback(True)
            progress(self.report.rows)
        return self.report

    def _possible_owners(self) -> dict[str, int]:
        """Slug -> id of the actors that records may be given to: a person writes for her own ones only."""
        actors = Actor.objects.exclude(kind="territory")
        if self.by.person is not None:
            actors = actors.filter(pk__in=written_actors())
        return dict(actors.values_list("slug", "pk"))

    def _take(self, batch: list[Line]) -> None:
        rows = [row for line in batch if (row := self._checked(line))]
        find_records(rows)
        differing = [row for row in rows if self._is_first(row) and not self._is_settled(row)]
        self._naming.resolve(differing)
        if new := [row for row in differing if row.record is None]:
            self.look(new)
            self._add(new)
        for row in differing:
            if row.record:
                self._revise(row)

    def _checked(self, line: Line) -> Row | None:
        self.report.rows += 1
        if line.row is None:
            return self._refuse(line.number, "", line.code, line.message)
        if len(line.row) > MOST_FIELDS:
            message = _("The row has more than %(most)d fields, so it is no record.") % {"most": MOST_FIELDS}
            return self._refuse(line.number, "", "too_many_fields", message)
        content, problems = check(line.row, known=self._known, kind=self.kind)
        for problem in problems:
            self.report.note(line.number, problem)
        if content is None:
            self.report.refused += 1
            return None
        owner = self._owner_of(line)
        if (
            owner is None
            or not self._is_free_of_personal_data(line.number, content)
            or not self._takes_envelope(line)
            or not self._is_reasonable(line.number, content)
        ):
            return None
        return Row(line.number, line.row, content, owner)

    def _refuse(self, number: int, column: str, code: str, message: str) -> None:
        self.report.refuse(number, column, code, message)

    def _owner_of(self, line: Line) -> int | None:
        slug = line.row.get("owner")
        if not slug and self._default_owner is not None:
            return self._default_owner
        if isinstance(slug, str) and slug in self._owners:
            return self._owners[slug]
        message = _("No actor is known by the short name “%(slug)s”. Leave “owner” out or use a known one.")
        return self._refuse(line.number, "owner", "unknown_owner", message % {"slug": str(slug)[:80]})

    def _takes_envelope(self, line: Line) -> bool:
        """Check the fields that speak of the record: ids and visibility."""
        for name in ("id", "external_id"):
            value = line.row.get(name)
            if value is not None and not _is_usable_id(value):
                message = _("“%(field)s” should be a text of at most 200 characters.") % {"field": name}
                self._refuse(line.number, name, "unusable_id", message)
                return False
        visibility = line.row.get("visibility")
        if visibility and visibility not in Visibility.values:
            message = _("The visibility is one of: %(values)s.") % {"values": ", ".join(Visibility.values)}
            self._refuse(line.number, "visibility", "unknown_visibility", message)
            return False
        return True

    def _is_free_of_personal_data(self, number: int, content: Content) -> bool:
        """Point personal data out; what is to be published at once is refused with it, a draft is kept and warned of."""
        texts = [content.values, *(each | {personal.KEPT: content.values.get(personal.KEPT)}
                                   for each in content.translations)]  # fmt: skip
        found = [each for values in texts for each in personal.in_values(values)]
        refused = [each for each in found if self.publish and not each.finding.looks_institutional]
        for each in found:
            problem = personal_problem(each)
            if each in refused:
                continue
            self.report.note(number, replace(problem, severity=WARNING))
        if refused:
            problem = personal_problem(refused[0])
            self._refuse(number, problem.column, problem.code, problem.message)
        return not refused

    def _is_reasonable(self, number: int, content: Content) -> bool:
        """Refuse what would be kept but is no record: thousands of actors, or a book in an unknown field."""
        if len(content.participants()) > MOST_ACTORS:
            message = _("The row names more than %(most)d actors.") % {"most": MOST_ACTORS}
            self._refuse(number, "actor", "too_many_actors", message)
            return False
        if content.other and len(json.dumps(content.other, ensure_ascii=False)) > settings.LONGEST_FIELD:
            message = _("The fields that are not known hold more than %(longest)d characters. Shorten or remove them.")
            name = max(content.other, key=lambda each: len(json.dumps(content.other[each])))
            self._refuse(number, name, "too_long", message % {"longest": settings.LONGEST_FIELD})
            return False
        return True

    def _is_first(self, row: Row) -> bool:
        """The same id twice in one file, or two rows for one record: the first one counts."""
        keys = row.keys()
        first = min((self._seen[key] for key in keys if key in self._seen), default=None)
        if first is not None:
            message = _("The id “%(id)s” stands in row %(row)d already; this row was left out.")
            name = str(row.raw.get("id") or row.external_id)
            self._refuse(row.number, "id", "same_id_twice", message % {"id": name[:80], "row": first})
            return False
        self._seen |= dict.fromkeys(keys, row.number)
        return True

    def _is_settled(self, row: Row) -> bool:
        """Whether nothing remains to be done: the record says the same already, or must not be touched."""
        if row.record is None and not row.raw.get("merged_into"):
            return False
        if row.record is None:
            message = _("Where it comes from, this record was merged into another (%(id)s). Import that one.")
            self._refuse(row.number, "merged_into", "merged", message % {"id": str(row.raw["merged_into"])[:80]})
            return True
        if row.raw.get("owner") and row.record.owner_id != row.owner:
            message = _("The record of this id belongs to %(owner)s and stays there.")
            owner = self._slug_of.get(row.record.owner_id, "?")
            self.report.note(row.number, Problem(WARNING, "owner", "owner_kept", message % {"owner": owner}))
        same, listed = row.same, row.version_in(LISTED)
        if row.record.kind != row.content.kind:
            message = _("The record of this id is of another kind (%(kind)s).") % {"kind": row.record.kind}
            self._refuse(row.number, "kind", "another_kind", message)
        elif same and not (self.publish and same.state in OPEN):
            self.report.unchanged += 1
        elif any(version.state == State.MERGED for version in row.versions):
            self._refuse(row.number, "id", "merged", merged_already())
        elif row.record.withdrawn_at:
            message = _("The record was withdrawn; an import does not bring it back.")
            self._refuse(row.number, "id", "not_possible", message)
        elif self.publish and listed and listed.state == State.PUBLISHED:
            message = _("Its owner has published a text of its own, which an import does not replace.")
            self._refuse(row.number, "id", "not_possible", message)
        else:
            return False
        return True

    def _add(self, rows: list[Row]) -> None:
        """Make new records, all at once; if the database refuses one of them, one by one, so that the rest go in."""
        try:
            with transaction.atomic():
                changes.add_records(
                    [self._draft(row) for row in rows], from_source=self.publish, by=self.by, at=self.at
                )
        except (DataError, IntegrityError):
            if len(rows) > 1:
                for row in rows:
                    self._add([row])
            else:
                self._refuse_unstorable(rows[0])
            return
        self.report.accepted += len(rows)

    def _revise(self, row: Row) -> None:
        """Give a known record the row's content, or list the draft that has it already."""
        try:
            with transaction.atomic():
                if row.same:
                    changes.list_from_source(row.same, by=self.by, at=self.at, source=self._source_of(row))
                else:
                    changes.revise_record(self._draft(row), from_source=self.publish, by=self.by, at=self.at)
        except changes.NotPossible as problem:
            return self._refuse(row.number, "id", "not_possible", str(problem))
        except (DataError, IntegrityError):
            return self._refuse_unstorable(row)
        self.report.accepted += 1
        return None

    def _refuse_unstorable(self, row: Row) -> None:
        message = _(
            "The database cannot keep this row: another import may have brought the same id just now. Try again."
        )
        self._refuse(row.number, "", "not_storable", message)

    def _draft(self, row: Row) -> changes.Draft:
        return changes.Draft(
            content=row.content,
            owner=row.record.owner_id if row.record else row.owner,
            participants=row.participants,
            external_id=row.external_id,
            record=row.record,
            columns=row.content.columns(self._american),
            source=self._source_of(row),
            **row.audience(),
        )

    def _source_of(self, row: Row) -> str:
        return row.content.values.get("source_url") or self.source

    def _warn_ambiguous(self, row: Row, role: str, name: str, actors: tuple[int, ...]) -> None:
        candidates = ", ".join(self._slug_of.get(actor, "?") for actor in actors)
        column = next(column for column, its_role in ROLE_FIELDS.items() if its_role == role)
        message = _(
            "“%(name)s” may mean several actors (%(candidates)s); it was taken as none of them. Name it in full."
        )
        self.report.note(
            row.number,
            Problem(WARNING, column, "ambiguous_actor", message % {"name": name, "candidates": candidates}),
        )


def _is_usable_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= LONGEST_ID


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """So many lines, or so many bytes of them, at once."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += line.size
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
