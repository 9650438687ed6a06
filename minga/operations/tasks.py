"""Jobs of the installation itself."""

import structlog
from procrastinate.contrib.django import app

from minga.access.rowsecurity import acting_as_operator
from minga.registry import counts

log = structlog.get_logger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="check_counts", pass_context=False)
def check_counts(timestamp: int) -> None:
    """Each night: compare the kept counts with the versions, and say where they differ.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with acting_as_operator(act="operations.counts_checked"):
        found = counts.differences()
    if found:
        log.error("counts_differ", values=found[:20], number=len(found), remedy="minga doctor --repair")
