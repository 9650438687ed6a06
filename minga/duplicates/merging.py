"""Merging two records: a link from the one that goes to the one that stays, made by both owners' consent and undone by a
word. Nothing is deleted: what the merged record said, its endorsements and files stay with it and stay readable.

The database decides who may (migrations/0002_row_security.py); what it refuses becomes a sentence for people. What the kept
record says afterwards is composed in `composing.py` and written by the usual way of its texts (`writing.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.audit.by import By
from minga.duplicates.models import Consent, Link, Merge
from minga.registry.models import Record, Version
from minga.registry.moves import NotPossible, NotThere, refusals
from minga.registry.paths import PATHS

LONGEST_CHAIN = 100  # links that are followed; a longer one would be a fault


def propose(
    kept: Version, merged: Version, *, chosen: dict[str, str], reason: str, by: By, at: datetime | None = None
) -> Merge:
    """Ask both owners whether one record may be merged into the other.

    Args:
        kept: the listed version of the record that stays.
        merged: that of the record that is merged into it.
        chosen: field -> whose value (`composing.cleaned`).
        reason: why; both owners read it.
        by: the secretariat of one of the two records.
        at: when.

    Raises:
        NotThere: there is nothing of the two that she may propose this of.
        NotPossible: no reason is given, it was proposed before, or the two cannot be merged this way round.
    """
    try:
        with refused(), transaction.atomic():
            made = Merge.objects.create(
                kept=kept.record, merged=merged.record, kept_version=kept, merged_version=merged, chosen=chosen,
                reason=reason.strip(), proposed_by=by.person, proposed_at=at or timezone.now(),
            )  # fmt: skip
    except IntegrityError as problem:
        raise NotPossible(_("It was proposed before to merge this record. Call that proposal off first.")) from problem
    _note("merge.proposed", made, by, reason=reason.strip())
    return made


def answer(merge: Merge, *, agrees: bool, reason: str, by: By) -> Merge.State:
    """An owner's consent, or refusal with a reason; the last consent makes the link.

    Raises:
        NotThere: it is not hers to answer.
        NotPossible: it was answered or called off, a text changed since, or a reason is missing.
    """
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select duplicates_answer(%s, %s, %s)", [merge.pk, agrees, reason])
        state = Merge.State(cursor.fetchone()[0])
    merge.refresh_from_db()
    _note("merge.agreed" if agrees else "merge.refused", merge, by, reason=reason.strip())
    if state == Merge.State.STANDING:
        _note("merge.made", merge, by)
    return state


def end(merge: Merge, *, reason: str, by: By) -> Merge.State:
    """Call a proposal off, or undo a merge: the merged record stands again as it was, the other stays as it is by now.

    Raises:
        NotThere: it is not hers to end.
        NotPossible: it has ended, or no reason is given.
    """
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select duplicates_end(%s, %s)", [merge.pk, reason])
        state = Merge.State(cursor.fetchone()[0])
    merge.refresh_from_db()
    _note(f"merge.{state}", merge, by, reason=reason.strip())
    return state


def _note(act: str, merge: Merge, by: By, reason: str = "") -> None:
    """In the trail of both records, for both owners to read."""
    records = records_of(merge)
    for record in filter(None, records):
        other = next((each.public_id for each in records if each and each != record), "")
        audit.note(
            act, subject=f"record:{record.public_id}", by_person=by.person, by_operator=by.operator,
            owner_actor=record.owner_id, reason=reason, other=other, merge=merge.pk, stays=record.pk == merge.kept_id,
        )  # fmt: skip


@contextmanager
def refused() -> Iterator[None]:
    """What the database refuses, as what people are told."""
    try:
        with refusals():
            yield
    except IntegrityError:
        raise
    except DatabaseError as problem:
        code = getattr(problem.__cause__, "sqlstate", None)
        if code == "42501":  # row security refuses it
            raise NotThere from problem
        if code not in ("MG430", "MG431", "MG432", "MG433"):
            raise
        raise NotPossible(_told(code, str(problem.__cause__.diag.message_primary))) from problem


def _told(code: str, message: str) -> str:
    if code == "MG430":
        return _("This was settled meanwhile: %(state)s.") % {"state": Merge.State(message).label}
    if code == "MG431":
        return _("One of the texts was changed since this was proposed. The secretariat has to propose it anew.")
    if code == "MG432":
        return _("The text that its owner endorsed has to stay: merge the other record into this one.")
    return _("The record that stays must be readable for all who read the other one, and each owner must be able to "
             "read both.")  # fmt: skip


@dataclass(frozen=True)
class Went:
    """Where a merged record's address leads."""

    version: Version  # what it said before
    kept: Record | None  # the record at the end of the chain; None where the reader may not know of it
    since: datetime

    @property
    def plural(self) -> str:
        """The part of its address that names its kind."""
        return PATHS[self.version.kind]


def where_it_went(public_id: str) -> Went | None:
    """Where a record was merged to, in one step whatever the chain; None where it was not, or may not be known.

    Args:
        public_id: of the record that was asked for.
    """
    version = (
        Version.objects.filter(record__public_id=public_id, state="merged").select_related("record", "owner").first()
    )
    if version is None:
        return None
    link = Link.objects.filter(merged=version.record_id, undone_at=None).first()
    kept = _last_of_chain(version.record_id)
    return Went(version, Record.objects.filter(pk=kept).first() if kept else None,
                link.since if link else version.changed_at)  # fmt: skip


def _last_of_chain(record: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive way as ("
            " select kept_id, 1 as step from duplicates_link where merged_id = %s and undone_at is null"
            " union all select l.kept_id, w.step + 1 from way w join duplicates_link l on l.merged_id = w.kept_id"
            " where l.undone_at is null and w.step < %s)"
            " select kept_id from way order by step desc limit 1",
            [record, LONGEST_CHAIN],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def merged_into(records: Iterable[int]) -> dict[int, list[Record]]:
    """The records whose addresses lead to each of some records, those of a whole chain, as far as they may be known.

    Args:
        records: ids of those that stay.

    Returns:
        id of a record -> what was merged into it, the last first; nothing for the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive way as ("
            " select kept_id as head, merged_id, since, 1 as step from duplicates_link"
            " where kept_id = any (%s) and undone_at is null"
            " union all select w.head, l.merged_id, l.since, w.step + 1 from way w"
            " join duplicates_link l on l.kept_id = w.merged_id where l.undone_at is null and w.step < %s)"
            " select head, merged_id from way order by since desc, merged_id",
            [list(records), LONGEST_CHAIN],
        )
        rows = cursor.fetchall()
    known = Record.objects.in_bulk({merged for _head, merged in rows})
    found: dict[int, list[Record]] = {}
    for head, merged in rows:
        if merged in known:
            found.setdefault(head, []).append(known[merged])
    return found


def find(merge: int) -> Merge | None:
    """A merge by its id, if the current person may know of it."""
    return Merge.objects.prefetch_related("consents__actor").filter(pk=merge).first() if merge < 2**63 else None


def records_of(merge: Merge) -> tuple[Record | None, Record | None]:
    """The record that stays and the merged one; None for one that the current person may not know of."""
    known = Record.objects.select_related("owner").in_bulk([merge.kept_id, merge.merged_id])
    return known.get(merge.kept_id), known.get(merge.merged_id)


def of_record(record: int) -> list[Merge]:
    """The merges of a record, and into it, that the current person may know of, newest first."""
    return list(Merge.objects.filter(Q(kept=record) | Q(merged=record)))


def under_way() -> list[Merge]:
    """The proposals that wait for an answer and that the current person may know of, oldest first."""
    return list(Merge.objects.filter(state=Merge.State.PROPOSED).order_by("proposed_at", "pk"))


def asked(merge: Merge) -> dict[int, bool]:
    """For which owners the current person answers: id of the actor -> whether as the secretariat, on record."""
    with connection.cursor() as cursor:
        cursor.execute("select actor, on_record from duplicates_asked(%s)", [merge.pk])
        return dict(cursor.fetchall())


def may_end(merge: Merge) -> bool:
    """Whether the current person may call it off or undo it."""
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_ends_now(%s)", [merge.pk])
        return cursor.fetchone()[0]


def consents_of(merge: Merge) -> dict[int, Consent]:
    """The answers so far: id of the actor -> answer."""
    return {each.actor_id: each for each in merge.consents.all()}


def is_outdated(merge: Merge) -> bool:
    """Whether a proposal speaks of a text that is listed no longer, as far as the current person may read."""
    return merge.state == Merge.State.PROPOSED and (
        Version.objects.filter(pk__in=[merge.kept_version_id, merge.merged_version_id], is_listed=True).count() < 2
    )
