"""What owners are asked about merges, and the text that a merge brings: written by the usual way of the record that stays.

- What an office published or endorsed becomes a draft of that office, which sends it on as any change: nobody's endorsement
  is taken for granted because she agreed to a merge.
- What was taken from public sources, and never endorsed, is listed as that: from both sources, by the worker.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from minga.actors import grants
from minga.audit.by import By
from minga.duplicates import composing, merging
from minga.duplicates.models import Merge
from minga.files.changes import carry_over
from minga.registry import changes
from minga.registry.lifecycle import LISTED, OPEN, State
from minga.registry.models import Version
from minga.registry.moves import NotPossible, NotThere
from minga.registry.queries import values_of

BY = "merge"  # who lists what was composed of public sources


@dataclass(frozen=True)
class Waiting:
    """A merge that waits for the current person."""

    merge: Merge
    task: str  # "merge": her answer; "merged_text": the draft of the text that was chosen
    version: Version | None  # of the record that it is about for her
    since: datetime


def answer(merge: Merge, *, agrees: bool, reason: str, by: By, at: datetime) -> Merge.State:
    """Give an owner's answer; with the last consent the records are merged, and the draft is begun where she may.

    Raises:
        NotThere: it is not hers to answer.
        NotPossible: see `merging.answer`.
    """
    state = merging.answer(merge, agrees=agrees, reason=reason, by=by)
    if state == Merge.State.STANDING and by.person is not None:
        with suppress(NotThere, NotPossible):  # then it waits for whoever writes for the owner
            write_draft(merge, by=by, at=at)
    return state


@transaction.atomic
def write_draft(merge: Merge, *, by: By, at: datetime) -> Version:
    """Begin a new version of the record that stays, with the text that was chosen; what is listed stays meanwhile.

    Raises:
        NotThere: it is not hers to write, or nothing is to be written.
        NotPossible: a version of it is being worked on.
    """
    versions = list(Version.objects.filter(record=merge.kept_id).order_by("number"))
    standing = next((each for each in versions if each.state in LISTED), None)
    if merge.text != Merge.Text.WAITING or standing is None or standing.owner_id not in grants.written_actors():
        raise NotThere
    if standing.state != State.PUBLISHED:
        raise NotPossible(_("The worker writes it, from the public sources of both records."))
    if any(each.state in OPEN for each in versions):
        raise NotPossible(
            _(
                "A version of it is being worked on. Once that one is published or given up, the merged text can be written."
            )
        )
    draft = composing.draft_of(standing, merge.merged_version, merge.chosen)
    made = changes.add_version(draft, number=versions[-1].number + 1, by=by, at=at)
    carry_over(standing, made)
    _note_written(merge, made)
    return made


def write_from_sources(*, at: datetime) -> int:
    """List the texts that were composed of public sources. As the worker who sees all.

    Returns:
        how many were written; one whose record somebody works on waits.
    """
    waiting = Merge.objects.filter(
        state=Merge.State.STANDING, text=Merge.Text.WAITING,
        kept__versions__state=State.PUBLISHED_FROM_SOURCE,
    ).exclude(kept__versions__state__in=OPEN)  # fmt: skip
    done = 0
    for merge in waiting.select_related("kept", "merged_version"):
        standing = merge.kept.versions.get(state=State.PUBLISHED_FROM_SOURCE)
        pages = [values_of(each).get("source_url") for each in (standing, merge.merged_version)]
        draft = composing.draft_of(standing, merge.merged_version, merge.chosen, source=" · ".join(filter(None, pages)))
        made = changes.revise_record(draft, from_source=True, by=By(operator=BY), at=at)
        carry_over(standing, made)
        _note_written(merge, made)
        done += 1
    return done


def _note_written(merge: Merge, version: Version) -> None:
    with merging.refused(), connection.cursor() as cursor:
        cursor.execute("select duplicates_note_written(%s, %s)", [merge.pk, version.pk])
    merge.refresh_from_db()


def waiting_for_her() -> Iterator[Waiting]:
    """What waits for the current person, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.id from duplicates_merge m where m.state = 'proposed'"
            " and exists (select 1 from duplicates_asked(m.id)) order by m.proposed_at, m.id"
        )
        asked = [pk for (pk,) in cursor.fetchall()]
    written = grants.written_actors()
    merges = Merge.objects.in_bulk(asked)
    for pk in asked:
        yield Waiting(merges[pk], "merge", _listed(merges[pk].merged_id), merges[pk].proposed_at)
    if not written:
        return
    texts = Merge.objects.filter(
        state=Merge.State.STANDING, text=Merge.Text.WAITING, kept__versions__state=State.PUBLISHED, kept__owner__in=written
    ).select_related("link")  # fmt: skip
    for merge in texts.order_by("proposed_at", "pk"):
        yield Waiting(merge, "merged_text", _listed(merge.kept_id), merge.link.since)


def _listed(record: int) -> Version | None:
    return Version.objects.filter(record=record, is_listed=True).select_related("record", "owner").first()
