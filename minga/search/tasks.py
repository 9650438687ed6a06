"""Jobs that make what search looks in."""

from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.language.encoders import default_encoder
from minga.search import indexing
from minga.search.models import Stale


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="embed", lock="embed")
def embed(timestamp: int) -> None:
    """Each minute: embed what was listed or changed since.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        waits = Stale.objects.exists()
    if waits:
        indexing.embed(default_encoder(), turn=seeing_all, told=lambda left: None)
