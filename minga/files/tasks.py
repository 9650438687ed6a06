"""Jobs on files."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.files.models import Content


@app.periodic(cron="27 4 * * *")
@app.task(queueing_lock="forget_loose_files")
def forget_loose_files(timestamp: int) -> None:
    """Each night: remove contents that no version carries since a day: they were taken off a draft.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        Content.objects.filter(attachments=None, added_at__lt=timezone.now() - timedelta(days=1)).delete()
