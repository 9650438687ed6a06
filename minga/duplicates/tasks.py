"""Jobs of duplicates."""

from django.utils import timezone
from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.duplicates import consenting, queue


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="suspect", lock="suspect")
def suspect(timestamp: int) -> None:
    """Every two minutes: compare what was listed since, once it has its vectors, with what is like it.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    queue.fill()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="merged_texts", lock="merged_texts")
def write_merged_texts(timestamp: int) -> None:
    """Each minute: list the texts of merged records that are from public sources.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        consenting.write_from_sources(at=timezone.now())
