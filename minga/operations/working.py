"""The worker: does the jobs that are due, and takes over those that a killed worker left behind.

A worker says every few seconds that it lives. A job whose worker has been silent for longer is given
out again, up to a limit: a job that ends its worker each time would otherwise go round for ever.

A lost database does not end it: it connects again, after pauses that grow to half a minute.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import AsyncConnectionPool

from minga.access.process import become, forget_connections
from minga.installation.database import Database
from minga.installation.problems import InstallationProblem

BEAT_SECONDS = 3
SILENT_SECONDS = 15
LOOK_AGAIN_SECONDS = 15
WAIT_FOR_OTHERS_SECONDS = 1
MOST_ATTEMPTS = 5
GRACE_SECONDS = 5  # for running jobs when the worker is told to end; what is left is taken over by the next one
ANSWER_SECONDS = 5  # after which a database that does not answer counts as lost
LONGEST_PAUSE = 30  # between two tries to reach it
LOST = (ConnectorException, psycopg.Error, OSError, InstallationProblem)
ENDED = "select count(*) as number from procrastinate_jobs where status not in ('todo', 'doing')"
RUNNING = "select count(*) as number from procrastinate_jobs where status = 'doing'"

log = structlog.get_logger(__name__)


def work_on_jobs(database: Database, *, until_idle: bool) -> int:
    """Work until told to stop, or until no job is left that is due.

    Args:
        database: in use.
        until_idle: stop when no job is due and none is running, at another worker either.

    Returns:
        how many jobs ended while this worker ran, when it stops by itself.

    Raises:
        InstallationProblem: the database does not answer at the begin, or is lost with `until_idle`.
    """
    become("worker")
    database.connect("worker").close()
    from procrastinate.contrib.django import app

    if not until_idle:
        asyncio.run(Worker(app, database).work())
        return 0
    try:
        return asyncio.run(_work_until_idle(app))
    except (ConnectorException, psycopg.Error) as problem:
        raise InstallationProblem("The database does not answer any more. What is left is done later.") from problem


class Worker:
    """Works until it is told to end, whatever becomes of the database meanwhile."""

    def __init__(self, app, database: Database):
        self._app, self._database = app, database
        self._is_told_to_end = False
        self._losses = 0  # in a row

    async def work(self) -> None:
        """Work until a signal; the queue's worker then lets running jobs end, for a while."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._end, asyncio.current_task())
        with suppress(asyncio.CancelledError):
            while not self._is_told_to_end:
                await self._work_while_it_answers()

    def _end(self, work: asyncio.Task) -> None:
        self._is_told_to_end = True
        work.cancel()

    async def _work_while_it_answers(self) -> None:
        begun = time.monotonic()
        reason = "The connection was lost."  # when the queue's worker noticed by itself, and ended
        try:
            async with _connected(self._app) as working:
                await _work_on(working)
        except LOST as problem:
            reason = " ".join(str(problem.__cause__ or problem).split())[:200] or type(problem).__name__
        if self._is_told_to_end:
            return
        self._losses = 1 if time.monotonic() - begun > 2 * LONGEST_PAUSE else self._losses + 1
        pause = min(LONGEST_PAUSE, 2 ** (self._losses - 1))
        log.warning("database_lost", reason=reason, again_in_seconds=pause)
        await asyncio.sleep(pause)
        await asyncio.to_thread(self._begin_anew)

    def _begin_anew(self) -> None:
        """Let go of what jobs were connected by, and start the embedded server where nobody else does."""
        forget_connections()
        with suppress(InstallationProblem):  # it will not answer then, and is tried again
            if self._database.embedded and not self._database.embedded.is_running:
                self._database.embedded.ensure_running()


@asynccontextmanager
async def _connected(app) -> AsyncIterator[App]:
    """The queue, on connections of its own that give up soon."""
    pool = AsyncConnectionPool(
        kwargs=connector_params(), timeout=ANSWER_SECONDS, check=AsyncConnectionPool.check_connection, open=False
    )
    async with pool:
        await pool.wait(timeout=ANSWER_SECONDS)
        with app.replace_connector(PsycopgConnector()) as working:
            await working.connector.open_async(pool)
            yield working


async def _work_on(app) -> None:
    looking = asyncio.create_task(_keep_taking_over(app))
    try:
        await _run(app, wait=True)
    finally:
        looking.cancel()


async def _work_until_idle(app) -> int:
    """A job that runs elsewhere is waited for: its worker may be dead, and then it is ours to do."""
    work = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    async with _connected(app) as working:
        before = await _number(working, ENDED)
        with suppress(asyncio.CancelledError):
            while True:
                await take_over_stalled(working)
                await _run(working, wait=False)
                if not await _number(working, RUNNING):
                    break
                await asyncio.sleep(WAIT_FOR_OTHERS_SECONDS)
        return await _number(working, ENDED) - before


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
