"""Jobs of following."""

from django.utils import timezone
from procrastinate.contrib.django import app

from minga.following import digests


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="tell_what_is_new", lock="tell_what_is_new")
def tell_what_is_new(timestamp: int) -> None:
    """Every five minutes: write to those in whose saved searches something is new, as often as each prefers.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    digests.write_digests(timezone.now())
