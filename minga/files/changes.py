"""Adds files to drafts and takes them off. What is added was checked by its content first (`checking.py`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from minga.files.checking import Checked
from minga.files.models import Attachment, Content, Piece
from minga.registry.models import Version
from minga.registry.moves import NotPossible

PIECE = 512 * 1024  # bytes
MOST_FILES = 20  # of one version


@transaction.atomic
def attach(
    version: Version, checked: Checked, *, description: str, by: int | None, at: datetime, is_letter: bool = False
) -> Attachment:
    """Hang a file on a draft.

    Args:
        version: the draft.
        checked: the file, as the check gave it back.
        description: what it holds; for a picture, what it shows.
        by: the id of the person.
        at: when.
        is_letter: it is the letter that allows the entry on another's behalf.

    Raises:
        NotPossible: the draft has as many files as it may.
    """
    if version.attachments.count() >= MOST_FILES:
        raise NotPossible(_("A record has at most %(most)d files. Take one off first.") % {"most": MOST_FILES})
    content = Content.objects.create(
        record_id=version.record_id, sha256=checked.sha256, size=len(checked.content), added_at=at
    )
    Piece.objects.bulk_create(
        Piece(content=content, number=number, data=checked.content[start : start + PIECE])
        for number, start in enumerate(range(0, len(checked.content), PIECE))
    )
    last = version.attachments.aggregate(last=Max("position"))["last"]
    return Attachment.objects.create(
        version=version, content=content, position=0 if last is None else last + 1, name=checked.name,
        media_type=checked.media_type, description=description[:500], width=checked.width, height=checked.height,
        is_letter=is_letter, added_by=by, added_at=at,
    )  # fmt: skip


def describe(attachment: Attachment, description: str) -> None:
    """Change what is said of a file of a draft."""
    attachment.description = description[:500]
    attachment.save(update_fields=["description"])


def take_off(attachment: Attachment) -> None:
    """Take a file off a draft; versions that carry it keep it."""
    attachment.delete()


def carry_over(old: Version, new: Version) -> None:
    """Hang the files of a version on the draft that was made from it."""
    Attachment.objects.bulk_create(
        Attachment(
            version=new, content_id=each.content_id, position=each.position, name=each.name,
            media_type=each.media_type, description=each.description, width=each.width, height=each.height,
            is_letter=each.is_letter, added_by=each.added_by, added_at=each.added_at,
        )
        for each in old.attachments.all()
    )  # fmt: skip


def pieces_of(content: int, *, turn) -> Iterator[bytes]:
    """The bytes of a content, a piece at a time, each read in a transaction of its own.

    Args:
        content: its id.
        turn: makes the context of one transaction, in which the database knows the reader.
    """
    with turn():
        numbers = list(Piece.objects.filter(content=content).values_list("number", flat=True))
    for number in numbers:
        with turn():
            piece = Piece.objects.filter(content=content, number=number).first()
        if piece is None:  # her right to it ended while she downloaded
            return
        yield bytes(piece.data)
