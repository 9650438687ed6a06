"""Jobs of duplicates."""

from django.utils import timezone
from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.duplicates import consenting


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="merged_texts", lock="merged_texts")
def write_merged_texts(timestamp: int) -> None:
    """Each minute: list the texts of merged records that are from public sources.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        consenting.write_from_sources(at=timezone.now())
