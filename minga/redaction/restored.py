"""After a restore: what was redacted since the backup was made is taken out again."""

from pathlib import Path

from minga.redaction import changes, outside
from minga.redaction.models import Redaction
from minga.registry.models import Record


def apply_again(file: Path) -> int:
    """Apply every redaction of a file to the records that there are. As the worker, seeing all.

    Args:
        file: `redactions.jsonl` of the installation that the backup was taken from.

    Returns:
        in how many places something was taken out.
    """
    places = 0
    for public_id, redaction in outside.read(file):
        record = Record.objects.filter(public_id=public_id).first()
        if record is None:
            continue
        kept = Redaction.objects.filter(record=record, salt=redaction.salt).first()
        if kept is None:
            redaction.record = record
            redaction.save()
            kept = redaction
        places += changes.apply(kept)
    return places
