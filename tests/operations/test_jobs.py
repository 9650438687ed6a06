"""Jobs wait in the database; the site may put one there and no more, the worker does them, also those of the dead."""

import json
import subprocess
import sys

import psycopg
import pytest

from minga.installation.database import Database
from minga.installation.home import Home
from tests.operations.conftest import CHECKOUT, environment_of, run

pytestmark = pytest.mark.slow

DEFER_AS_SITE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "minga.config.settings"
import minga.config.wsgi
from minga.access.rowsecurity import acting
from minga.operations.tasks import check_counts
with acting(person=None):
    print(check_counts.defer(timestamp=0))
"""
AS_THOUGH_A_WORKER_DIED = """
    with worker as (insert into procrastinate_workers (last_heartbeat) values (now() - interval '13 seconds') returning id)
    insert into procrastinate_jobs (queue_name, task_name, args, status, attempts, worker_id)
    select 'default', 'minga.operations.tasks.check_counts', '{"timestamp": 0}', 'doing', %s, id from worker returning id
"""


@pytest.fixture(scope="module")
def database(home):
    with Database(Home(home)).in_use() as database:
        yield database


@pytest.fixture
def owner(database):
    with database.connect("owner", autocommit=True) as owner:
        yield owner
        owner.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


class TestTheSite:
    def test_puts_a_job_into_the_queue_that_the_worker_does(self, home, owner):
        deferred = subprocess.run(
            [sys.executable, "-c", DEFER_AS_SITE],
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env=environment_of(home),
        )
        done = run("work", "--until-idle", home=home)

        assert deferred.returncode == 0, deferred.stderr
        # The worker has done what is due each minute besides.
        assert "Jobs done: " in done.stdout
        asked = "select status from procrastinate_jobs where task_name like '%check_counts'"
        assert owner.execute(asked).fetchall() == [("succeeded",)]

    @pytest.mark.parametrize("statement", [
        "select 1 from procrastinate_jobs",
        "select 1 from procrastinate_events",
        "delete from procrastinate_jobs",
        "select procrastinate_fetch_job_v2(null, 1)",
        "select procrastinate_cancel_job_v1(1, true, true)",
        "select procrastinate_register_worker_v1()",
    ])  # fmt: skip
    def test_may_do_nothing_else_with_the_queue(self, database, statement):
        with database.connect("site") as site, pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute(statement)

    def test_alone_puts_jobs_there_beside_the_worker(self, database):
        with database.connect("backup") as backup, pytest.raises(psycopg.errors.InsufficientPrivilege):
            backup.execute("select procrastinate_defer_jobs_v1(array[]::procrastinate_job_to_defer_v1[])")


class TestAJobOfAKilledWorker:
    def test_is_waited_for_and_done_by_the_next_one(self, home, owner):
        job = owner.execute(AS_THOUGH_A_WORKER_DIED, [0]).fetchone()

        done = run("work", "--until-idle", home=home)

        assert "Jobs done: " in done.stdout
        status = owner.execute("select status, attempts from procrastinate_jobs where id = %s", job).fetchone()
        assert status == ("succeeded", 2)  # once begun by the dead, once by this one

    def test_that_ends_its_worker_each_time_is_given_up(self, home, owner):
        job = owner.execute(AS_THOUGH_A_WORKER_DIED, [4]).fetchone()

        run("work", "--until-idle", home=home, check=True)

        assert owner.execute("select status from procrastinate_jobs where id = %s", job).fetchone() == ("failed",)


def test_counts_that_differ_at_night_are_noted_in_the_trail(home, owner):
    owner.execute("update registry_count set bits = ~bits where facet = 'kind'")
    owner.execute(
        "insert into procrastinate_jobs (queue_name, task_name, args)"
        " values ('default', 'minga.operations.tasks.check_counts', '{\"timestamp\": 0}')"
    )

    run("work", "--until-idle", home=home, check=True)

    noted = owner.execute("select details from audit_entry where act = 'operations.counts_differ'").fetchall()
    owner.execute("update registry_count set bits = ~bits where facet = 'kind'")
    assert len(noted) == 1
    assert "kind=practice" in json.dumps(noted[0][0])
