"""What was redacted, written also outside the database: restoring an older backup applies it again.

A line a redaction in `redactions.jsonl` of the home: the record, the digest and the reason; never the passage.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from minga.installation.home import Home
from minga.redaction.models import Redaction

FILE = "redactions.jsonl"


def note(home: Home, redaction: Redaction, public_id: str) -> None:
    """Append a redaction, on the disk before the database keeps it."""
    line = {
        "record": public_id, "words": redaction.words, "salt": redaction.salt, "digest": redaction.digest,
        "reason": redaction.reason, "asked_at": redaction.asked_at.isoformat(),
    }  # fmt: skip
    descriptor = os.open(home.folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read(file: Path) -> Iterator[tuple[str, Redaction]]:
    """The redactions of a file, each once: (public id of the record, what to take out)."""
    seen = set()
    if not file.exists():
        return
    for text in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if line["salt"] in seen:
            continue
        seen.add(line["salt"])
        yield line["record"], Redaction(
            words=line["words"], salt=line["salt"], digest=line["digest"], reason=line["reason"],
            asked_at=datetime.fromisoformat(line["asked_at"]),
        )  # fmt: skip
