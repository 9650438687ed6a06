"""The worker: does the jobs that are due, and takes over those that a killed worker left behind."""

import asyncio

from minga.access.process import become

STALLED_AFTER_SECONDS = 60  # a worker beats every ten seconds; one that has not for a minute is dead
LOOK_AGAIN_SECONDS = 60


def work_on_jobs(*, until_idle: bool) -> int:
    """Work until told to stop, or until no job is due.

    Args:
        until_idle: stop when the queue is empty.

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
            return await _work_and_count(working, until_idle=until_idle)


async def _work_and_count(app, *, until_idle: bool) -> int:
    await _take_over_stalled(app)
    before = await _done(app)
    looking = None if until_idle else asyncio.create_task(_keep_taking_over(app))
    try:
        await app.run_worker_async(wait=not until_idle, concurrency=2, delete_jobs="never")
    finally:
        if looking:
            looking.cancel()
    return await _done(app) - before


async def _take_over_stalled(app) -> None:
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


async def _keep_taking_over(app) -> None:
    while True:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        await _take_over_stalled(app)


async def _done(app) -> int:
    """How many jobs have ended so far."""
    row = await app.connector.execute_query_one_async(
        "select count(*) as number from procrastinate_jobs where status in ('succeeded', 'failed')"
    )
    return row["number"]
