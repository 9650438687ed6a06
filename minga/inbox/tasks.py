"""Jobs of the inbox."""

from django.utils import timezone
from procrastinate.contrib.django import app

from minga.inbox import digests


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="write_digests", lock="write_digests")
def write_digests(timestamp: int) -> None:
    """Every five minutes: write to those for whom something new waits, as often as each prefers.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    digests.write_digests(timezone.now())
