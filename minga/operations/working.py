"""The worker: does the jobs that are due, and takes over those that a killed worker left behind.

A worker says every few seconds that it lives. A job whose worker has been silent for longer is given
out again, up to a limit: a job that ends its worker each time would otherwise go round for ever.
"""

import asyncio
import signal
from contextlib import suppress

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from minga.access.process import become

BEAT_SECONDS = 3
SILENT_SECONDS = 15
LOOK_AGAIN_SECONDS = 15
WAIT_FOR_OTHERS_SECONDS = 1
MOST_ATTEMPTS = 5
GRACE_SECONDS = 5  # for running jobs when the worker is told to end; what is left is taken over by the next one
ENDED = "select count(*) as number from procrastinate_jobs where status not in ('todo', 'doing')"
RUNNING = "select count(*) as number from procrastinate_jobs where status = 'doing'"

log = structlog.get_logger(__name__)


def work_on_jobs(*, until_idle: bool) -> int:
    """Work until told to stop, or until no job is left that is due.

    Args:
        until_idle: stop when no job is due and none is running, at another worker either.

    Returns:
        how many jobs ended while this worker ran.
    """
    become("worker")
    from procrastinate.contrib.django import app

    return asyncio.run(_work(app, until_idle=until_idle))


async def _work(app, *, until_idle: bool) -> int:
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            before = await _number(working, ENDED)
            _end_on_signals()
            with suppress(asyncio.CancelledError):
                await (_work_until_idle(working) if until_idle else _work_on(working))
            return await _number(working, ENDED) - before


def _end_on_signals() -> None:
    """A signal ends this task: the queue's worker then lets running jobs end, for a while."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asyncio.current_task().cancel)


async def _work_on(app) -> None:
    looking = asyncio.create_task(_keep_taking_over(app))
    try:
        await _run(app, wait=True)
    finally:
        looking.cancel()


async def _work_until_idle(app) -> None:
    """A job that runs elsewhere is waited for: its worker may be dead, and then it is ours to do."""
    while True:
        await take_over_stalled(app)
        await _run(app, wait=False)
        if not await _number(app, RUNNING):
            return
        await asyncio.sleep(WAIT_FOR_OTHERS_SECONDS)


async def _run(app, *, wait: bool) -> None:
    await app.run_worker_async(
        wait=wait, concurrency=2, delete_jobs="never", update_heartbeat_interval=BEAT_SECONDS,
        stalled_worker_timeout=SILENT_SECONDS, shutdown_graceful_timeout=GRACE_SECONDS,
        install_signal_handlers=False,
    )  # fmt: skip


async def take_over_stalled(app) -> None:
    """Give out again the jobs of workers that have been silent; give up on those that were begun too often."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts + 1 >= MOST_ATTEMPTS:
            log.error("job_given_up", job=job.id, task=job.task_name, attempts=job.attempts + 1)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("job_taken_over", job=job.id, task=job.task_name)
            await manager.retry_job(job)


async def _keep_taking_over(app) -> None:
    while True:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        with suppress(ConnectorException):  # the database is away; the worker itself says so
            await take_over_stalled(app)


async def _number(app, question: str) -> int:
    return (await app.connector.execute_query_one_async(question))["number"]
