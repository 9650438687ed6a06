"""The embedded server starts once, whatever was left behind, and stops with the last who uses it."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

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


def test_a_socket_folder_that_somebody_else_prepared_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("minga.installation.embedded.SHORT_FOLDER", tmp_path)
    server = EmbeddedServer(Home(tmp_path / ("long-" * 20)))
    (tmp_path / "trap").mkdir()
    server.socket_folder.symlink_to(tmp_path / "trap")

    with pytest.raises(InstallationProblem, match="belongs to somebody else"):
        server._make_socket_folder()
