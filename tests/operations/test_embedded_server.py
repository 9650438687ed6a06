"""The embedded server starts once, whatever was left behind, and stops with the last who uses it."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from minga.installation.database import Database
from minga.installation.embedded import EmbeddedServer
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from tests.operations.conftest import CHECKOUT, environment_of, run

pytestmark = pytest.mark.slow


def server_of(home) -> int:
    """The server's process number."""
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


@pytest.fixture
def working(home):
    """`minga work` in the background, its server up."""
    EmbeddedServer(Home(home)).stop()  # one that a killed worker left: this one is started by the worker
    process = subprocess.Popen(
        [sys.executable, "-m", "minga.config.cli", "work"],
        cwd=CHECKOUT,
        env=environment_of(home),
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 20
    while not EmbeddedServer(Home(home)).is_running and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


class TestTheServer:
    def test_is_started_once_when_several_commands_begin_together(self, home):
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda _number: run("doctor", "--json", home=home), range(3)))

        assert [each.returncode for each in done] == [0] * 3
        assert not EmbeddedServer(Home(home)).is_running

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_stops_with_a_command_that_is_told_to_end(self, home, working, number):
        working.send_signal(number)
        working.wait(timeout=20)

        assert not EmbeddedServer(Home(home)).is_running

    def test_comes_back_after_it_was_killed_with_its_children_still_alive(self, home, working):
        working.kill()
        psutil.Process(server_of(home)).kill()

        done = run("doctor", "--json", home=home)

        assert done.returncode == 0, done.stdout + done.stderr

    def test_of_another_home_that_bears_a_stale_number_is_not_taken_for_ours(self, home, working, tmp_path):
        other = tmp_path / "home"
        run("init", "--empty", home=other, check=True)
        (other / "postgres" / "data" / "postmaster.pid").write_text(f"{server_of(home)}\n{other}\n0\n5432\n\n\n\n")

        done = run("doctor", "--json", home=other)

        assert done.returncode == 0, done.stdout + done.stderr
        assert psutil.pid_exists(server_of(home))

    def test_says_when_the_passwords_are_of_another_database(self, home, working, tmp_path):
        before = (home / "secrets.json").read_text()
        (home / "secrets.json").write_text(json.dumps({**json.loads(before), "owner": "wrong"}))

        done = run("export", home=home)

        (home / "secrets.json").write_text(before)
        assert done.returncode == 1
        assert "secrets.json" in done.stderr and "Traceback" not in done.stderr


class TestAServerOfAnotherPostgreSQL:
    def test_is_said_in_a_sentence_by_every_command_and_the_doctor(self, home):
        EmbeddedServer(Home(home)).stop()
        version = home / "postgres" / "data" / "PG_VERSION"
        ours = version.read_text()
        version.write_text("17\n")

        export = run("export", home=home)
        findings = json.loads(run("doctor", "--json", home=home).stdout)

        version.write_text(ours)
        assert export.returncode == 1 and "Traceback" not in export.stderr
        for text in (export.stderr, findings[-1]["text"]):
            assert f"by PostgreSQL 17; this version of Minga brings PostgreSQL {ours.strip()}" in text
            assert "minga backup FILE" in text and "minga restore FILE" in text
        assert "host.md" in findings[-1]["remedy"]


class TestAWorker:
    def test_outlives_a_lost_database_and_does_what_comes_after(self, home, working):
        for _each in range(2):
            lost = psutil.Process(server_of(home))
            lost.kill()
            psutil.wait_procs([lost], timeout=5)
            until = time.monotonic() + 30
            while time.monotonic() < until and not EmbeddedServer(Home(home)).answers():
                time.sleep(0.2)
        with Database(Home(home)).connect("owner", autocommit=True) as owner:
            job = owner.execute(
                "insert into procrastinate_jobs (queue_name, task_name, args) values"
                " ('default', 'minga.operations.tasks.check_counts', '{\"timestamp\": 0}') returning id"
            ).fetchone()
            status = ""
            while time.monotonic() < until and status != ("succeeded",):
                time.sleep(0.2)
                status = owner.execute("select status from procrastinate_jobs where id = %s", job).fetchone()
            owner.execute("truncate procrastinate_jobs cascade")

        assert status == ("succeeded",)
        assert working.poll() is None


def test_a_socket_folder_that_somebody_else_prepared_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("minga.installation.embedded.SHORT_FOLDER", tmp_path)
    server = EmbeddedServer(Home(tmp_path / ("long-" * 20)))
    (tmp_path / "trap").mkdir()
    server.socket_folder.symlink_to(tmp_path / "trap")

    with pytest.raises(InstallationProblem, match="belongs to somebody else"):
        server._make_socket_folder()
