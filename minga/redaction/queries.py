"""Reads what was redacted: when and why, never what."""

from typing import Any

from minga.redaction.models import Redaction


def of_record(record: int) -> list[dict[str, Any]]:
    """The redactions of a record that were applied: date and reason."""
    return list(Redaction.objects.filter(record=record).exclude(applied_at=None).values("asked_at", "reason"))
