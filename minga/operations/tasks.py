"""Jobs of the installation itself."""

import structlog
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

from minga.access.rowsecurity import acting_as_operator
from minga.audit import changes as audit
from minga.registry import counts

KEEP_JOBS_HOURS = 24 * 30

log = structlog.get_logger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="check_counts")
def check_counts(timestamp: int) -> None:
    """Each night: compare the kept counts with the versions, and say where they differ.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with acting_as_operator(act="operations.counts_checked"):
        found = counts.differences()
        if found:
            audit.note("operations.counts_differ", by_operator="worker", number=len(found), values=found[:20])
    if found:
        log.error("counts_differ", values=found[:20], number=len(found), remedy="minga doctor --repair")


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context, timestamp: int) -> None:
    """Each night: remove jobs that ended a month ago, so that the queue does not grow for ever.

    Args:
        context: given by the queue.
        timestamp: when the job was due.
    """
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEEP_JOBS_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
