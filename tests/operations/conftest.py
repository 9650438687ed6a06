"""Real processes on a home of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
Minga = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A home with the bundled records, shared by the tests that do not change it."""
    folder = tmp_path_factory.mktemp("operations") / "home"
    done = run("init", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def run(*words: str, home: Path, check: bool = False, **environment: str) -> subprocess.CompletedProcess:
    """Run a command of Minga on a home."""
    return subprocess.run(
        [sys.executable, "-m", "minga.config.cli", *words], capture_output=True, text=True, cwd=CHECKOUT, check=check,
        env=environment_of(home) | environment, timeout=120,
    )  # fmt: skip


def environment_of(home: Path) -> dict[str, str]:
    """The environment in which a command works on a home, with its embedded database."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"MINGA_HOME": str(home)}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """`minga up` in the background."""

    def __init__(self, home: Path, port: int):
        self.home, self.port = home, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "minga.config.cli", "up", "--port", str(port)], cwd=CHECKOUT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "MINGA_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip

    def wait_for_address(self) -> str:
        """The line that prints the address."""
        for line in self.process.stdout:
            if "http://" in line:
                return line.strip()
        raise AssertionError("ended without printing an address")

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; returns the seconds until it had ended."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - begun

    def left_behind(self) -> list[str]:
        """Command lines of processes that still belong to this home."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ"]):
            words = " ".join(process.info["cmdline"] or [])
            mine = str(self.home) in words or (process.info["environ"] or {}).get("MINGA_HOME") == str(self.home)
            if mine and process.pid != os.getpid():
                found.append(words)
        return found


@pytest.fixture
def up(home) -> Iterator[Callable[..., Running]]:
    """Starts `minga up`; whatever is left at the end is killed."""
    started: list[Running] = []

    def start(folder: Path = home, port: int | None = None) -> Running:
        started.append(Running(folder, port or free_port()))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
        running.process.stdout.close()
