"""The job that takes a passage out."""

from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.redaction import changes
from minga.redaction.models import Redaction


@app.periodic(cron="7 4 * * *")
@app.task(queueing_lock="redact_again", lock="redact")
def redact_again(timestamp: int) -> None:
    """Each night: take out again what came back, by an import or by hand.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        for redaction in Redaction.objects.exclude(applied_at=None):
            changes.apply(redaction)


@app.task(queueing_lock=None, lock="redact")
def redact(redaction: int) -> None:
    """Apply a redaction.

    Args:
        redaction: its id.
    """
    with seeing_all():
        changes.apply(Redaction.objects.get(pk=redaction))
