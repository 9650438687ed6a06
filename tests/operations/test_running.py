"""An installation starts with one command, says where it is, and ends without leaving anything behind."""

import json
import os
import signal
import socket
import time
import urllib.request
from contextlib import suppress

import psutil
import pytest

from tests.operations.conftest import free_port, run

pytestmark = pytest.mark.slow


class TestMingaUp:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_prints_its_address_serves_and_ends_within_twenty_seconds(self, up, number):
        running = up()

        address = running.wait_for_address()
        with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/es/", timeout=10) as page:
            assert page.status == 200
        seconds = running.end(number)

        assert f"http://127.0.0.1:{running.port}/" in address
        assert seconds < 20
        assert running.left_behind() == []

    def test_says_that_its_port_is_taken(self, home):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            done = run("up", "--port", str(port), home=home)

        assert done.returncode == 1
        assert str(port) in done.stderr and "--port" in done.stderr
        assert "Traceback" not in done.stderr

    def test_restarts_a_worker_that_was_killed_and_is_alone_in_its_home(self, up, home):
        running = up()
        running.wait_for_address()
        first = self._worker_of(running)

        second = run("up", "--port", str(free_port()), home=home)

        assert second.returncode == 1
        assert f"http://127.0.0.1:{running.port}/" in second.stderr

        first.kill()
        until = time.monotonic() + 15
        while time.monotonic() < until and (not (found := self._worker_of(running)) or found.pid == first.pid):
            time.sleep(0.2)

        assert self._worker_of(running).pid != first.pid
        running.end()

    def test_leaves_no_child_when_it_is_killed_itself(self, up):
        running = up()
        running.wait_for_address()
        children = psutil.Process(running.process.pid).children()

        running.process.kill()
        _gone, alive = psutil.wait_procs(children, timeout=15)

        assert alive == []

    def test_restarts_a_web_process_that_was_killed_alone(self, up):
        running = up()
        running.wait_for_address()
        web = next(one for one in psutil.Process(running.process.pid).children() if "serve" in one.cmdline())

        web.kill()
        psutil.wait_procs([web], timeout=5)
        until, status = time.monotonic() + 20, 0
        while time.monotonic() < until and status != 200:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{running.port}/es/", timeout=5) as page:
                status = page.status
            time.sleep(0.2)

        now = [one.pid for one in psutil.Process(running.process.pid).children() if "serve" in one.cmdline()]
        assert status == 200 and now and now != [web.pid]
        running.end()
        assert running.left_behind() == []

    def test_makes_no_installation_for_a_site_with_a_public_name(self, tmp_path):
        done = run("up", "--port", str(free_port()), home=tmp_path / "home", MINGA_HOST="minga.example.org")

        assert done.returncode == 1
        assert "minga init" in done.stderr and "minga restore FILE" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "home").exists()

    @staticmethod
    def _worker_of(running) -> psutil.Process | None:
        for child in psutil.Process(running.process.pid).children():
            with suppress(psutil.Error):
                if "work" in child.cmdline():
                    return child
        return None


class TestPowerLoss:
    def test_is_recovered_from_without_help(self, up, home, tmp_path):
        folder = tmp_path / "home"
        run("init", "--empty", home=folder, check=True)
        running = up(folder)
        running.wait_for_address()
        for process in psutil.process_iter(["cmdline", "environ", "cwd"]):
            words = " ".join(process.info["cmdline"] or [])
            mine = str(folder) in words or (process.info["environ"] or {}).get("MINGA_HOME") == str(folder)
            if mine and process.pid != os.getpid():
                process.kill()
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["cwd"] == str(folder / "postgres" / "data"):
                process.kill()
        running.process.wait()
        # Another program bears the number that the lost server left in its file.
        stale = folder / "postgres" / "data" / "postmaster.pid"
        lines = stale.read_text().split("\n")
        stale.write_text("\n".join([str(os.getpid()), *lines[1:]]))

        again = run("doctor", "--json", home=folder)

        assert again.returncode == 0, again.stdout + again.stderr


class TestAnInstallationThatIsNotThere:
    def test_is_said_by_every_command(self, tmp_path):
        for words in (["serve"], ["work"], ["export"], ["backup", str(tmp_path / "b")]):
            done = run(*words, home=tmp_path / "nowhere")

            assert done.returncode == 1
            assert "minga init" in done.stderr
            assert "Traceback" not in done.stderr

    def test_is_said_by_the_doctor(self, tmp_path):
        done = run("doctor", "--json", home=tmp_path / "nowhere")

        assert done.returncode == 1
        assert json.loads(done.stdout)[0]["remedy"] == "minga init"


class TestAHomeOfAnotherVersion:
    def test_is_left_alone_and_named(self, tmp_path):
        (tmp_path / "home.json").write_text('{"format": 99, "minga": "9.0.0"}')

        done = run("export", home=tmp_path)

        assert done.returncode == 1
        assert "9.0.0" in done.stderr and "Nothing was changed" in done.stderr


class TestAServerThatDoesNotAnswer:
    def test_is_named_in_one_sentence(self, tmp_path):
        done = run("init", home=tmp_path / "home", DATABASE_URL="postgresql://a:b@127.0.0.1:9/minga")

        assert done.returncode == 1
        assert "does not answer" in done.stderr
        assert "Traceback" not in done.stderr


class TestWrongSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("MINGA_STATEMENT_TIMEOUT", "soon"),
            ("MINGA_RECORDS_PER_PAGE", "x"),
            ("MINGA_LANGUAGE", "klingon"),
            ("MINGA_TIME_ZONE", "Mars/Olympus"),
            ("MINGA_LOG_LEVEL", "LOUD"),
        ],
    )
    def test_stop_the_start_with_a_sentence(self, home, name, value):
        done = run("doctor", home=home, **{name: value})

        assert done.returncode == 1
        assert name in done.stderr and value in done.stderr
        assert "Traceback" not in done.stderr


class TestMingaWork:
    def test_ends_when_nothing_is_due(self, home):
        done = run("work", "--until-idle", home=home)

        assert done.returncode == 0, done.stderr
        assert "Jobs done" in done.stdout


class TestSeveralHomes:
    def test_live_side_by_side(self, home, tmp_path):
        other = tmp_path / ("a-long-name-" * 9) / "home"  # its socket does not fit into a path of 108 bytes
        run("init", "--empty", home=other, check=True)

        own, empty = (run("export", home=folder).stdout for folder in (home, other))

        assert own.count("\n") > 50
        assert empty == ""


def test_a_command_leaves_the_database_as_it_found_it(home):
    run("export", home=home, check=True)

    names = [process.info["cwd"] for process in psutil.process_iter(["name", "cwd"])]

    assert str(home / "postgres" / "data") not in names
