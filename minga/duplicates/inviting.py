"""An author tells the office that keeps a record that she works on something that overlaps, if she chooses to.

Told are the title of her draft, her office and what she writes; the draft itself stays confidential. It waits in the
inbox of that office's authors, so that a digest says that something waits, and nothing travels in a mail.
"""

from collections.abc import Iterator

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.actors import grants
from minga.audit import changes as audit
from minga.duplicates.models import Invitation
from minga.registry.models import Record, Version
from minga.registry.moves import NotPossible, NotThere, refusals

LONGEST = 2_000  # characters of what she writes


def invite(draft: Version, record: Record, note: str, *, by: int) -> Invitation:
    """Tell the office that keeps a record.

    Args:
        draft: what overlaps; its title and owner are told.
        record: of another office, listed and readable for her.
        note: what she writes to them.
        by: who tells: an author of the draft.

    Raises:
        NotThere: it is not hers to tell, or there is no other office.
        NotPossible: the draft has no title yet, or that office was told already and has not looked.
    """
    if not draft.title.strip():
        raise NotPossible(_("Give your draft a title first: it is what they are told."))
    if Invitation.objects.filter(about=draft.record_id, record=record, seen_at=None).exists():
        raise NotPossible(_("That office has been told already and has not looked yet."))
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                record=record, about_id=draft.record_id, office_id=draft.owner_id, title=draft.title.strip(),
                note=note.strip()[:LONGEST], by_person=by, at=timezone.now(),
            )  # fmt: skip
    except DatabaseError as problem:
        if getattr(problem.__cause__, "sqlstate", None) != "42501":  # row security refuses it
            raise
        raise NotThere from problem
    audit.note("duplicates.invited", subject=f"record:{draft.record.public_id}", by_person=by,
               owner_actor=draft.owner_id, other=record.public_id)  # fmt: skip
    return made


def waiting() -> Iterator[tuple[Invitation, Version]]:
    """What the current person's offices were told and nobody of them has seen yet, each with the record that it is about."""
    told = list(
        Invitation.objects.filter(record__owner__in=grants.written_actors(), seen_at=None).select_related("office")
    )
    listed = {
        each.record_id: each
        for each in Version.objects.listed()
        .filter(record__in=[each.record_id for each in told])
        .select_related("record", "owner")
    }
    return ((each, listed[each.record_id]) for each in told if each.record_id in listed)


def see(invitation: int) -> None:
    """Say that it was seen.

    Args:
        invitation: its id.

    Raises:
        NotThere: it is not of one of her offices.
    """
    with refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select duplicates_see_invitation(%s)", [invitation])
