"""`minga up`: the site and its worker as child processes, and the end of all of them together.

The children run in sessions of their own, so that Ctrl-C reaches the supervisor alone and it decides the order: web
and worker first, the database last. On Linux they die with a supervisor that is killed.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from minga.installation.database import Database
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.operations.serving import require_free_port

STOP_SECONDS = 8
LOOK_AT_DATABASE_SECONDS = 3
START_SECONDS = 60
MOST_RESTARTS = 5  # of one child within RESTART_WINDOW
RESTART_WINDOW = 60
_PR_SET_PDEATHSIG = 1


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy of the environment


@dataclass
class Child:
    """A child process and when it was started."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started_at: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own."""
        self.started_at.append(time.monotonic())
        # Safe: no threads run here before the children are started.
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509

    @property
    def restarts_too_often(self) -> bool:
        recent = [at for at in self.started_at if time.monotonic() - at < RESTART_WINDOW]
        return len(recent) > MOST_RESTARTS


@dataclass
class Supervisor:
    """Runs the site of one home until it is told to stop."""

    home: Home
    host: str
    port: int
    _stopping: bool = False
    _database_seen_at: float = 0.0
    _told: str = ""

    @classmethod
    @contextmanager
    def sole(cls, home: Home, *, host: str, port: int) -> Iterator["Supervisor"]:
        """The one supervisor of a home.

        Raises:
            InstallationProblem: another one runs already, or the port is taken.
        """
        home.create()
        mark = home.run / "up.json"
        with mark.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as problem:
                raise InstallationProblem(f"Minga runs from this folder already: {_address_in(mark)}") from problem
            require_free_port(host, port)
            lock.truncate(0)
            supervisor = cls(home, host, port)
            lock.write(json.dumps({"address": supervisor.address, "process": os.getpid()}))
            lock.flush()
            yield supervisor

    @property
    def address(self) -> str:
        """Where it is reached from this machine, also when it listens on all of its addresses."""
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{reached}]:{self.port}/" if ":" in reached else f"http://{reached}:{self.port}/"

    def run(self, make_installation: Callable[..., None], how_to_sign_in: Callable[[], str]) -> None:
        """Make the installation when it is missing or of an older version, then serve until a signal.

        Args:
            make_installation: makes it.
            how_to_sign_in: says what to print below the address.
        """
        with Database(self.home).in_use() as database:
            if not self.home.is_ready:  # a signal during this ends it at once (installation/leaving.py)
                make_installation(bundled=self.home.holds_bundled)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, self._stop)
            self._told = how_to_sign_in()
            self._supervise(database)

    def _stop(self, _number, _frame) -> None:
        self._stopping = True

    def _supervise(self, database: Database) -> None:
        minga = [sys.executable, "-m", "minga.config.cli"]
        children = [
            Child("web", [*minga, "serve", "--host", self.host, "--port", str(self.port)]),
            Child("worker", [*minga, "work"]),
        ]
        try:
            for child in children:
                child.start()
            self._announce(children)
            while not self._stopping:
                self._restart_ended(children)
                self._restart_database(database)
                time.sleep(0.3)
        finally:
            _end(children)

    def _announce(self, children: list[Child]) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not self._stopping:
            if children[0].process.poll() is not None:
                raise InstallationProblem("The web process ended at once; its message is above.")
            with contextlib.suppress(OSError), _direct.open(f"{self.address}healthz", timeout=2):
                print(f"\nMinga is at {self.address}   (stop with Ctrl-C)", flush=True)  # noqa: T201
                if self._told:
                    print(f"\n{self._told}", flush=True)  # noqa: T201
                return
            time.sleep(0.1)
        if not self._stopping:
            raise InstallationProblem(f"The site does not answer at {self.address} after {START_SECONDS} seconds.")

    def _restart_database(self, database: Database) -> None:
        """A server that was killed (no memory left) comes back without help."""
        if database.embedded and time.monotonic() - self._database_seen_at > LOOK_AT_DATABASE_SECONDS:
            self._database_seen_at = time.monotonic()
            if not database.embedded.is_running:
                database.embedded.ensure_running()

    def _restart_ended(self, children: list[Child]) -> None:
        for child in children:
            if child.process.poll() is None:
                continue
            if child.restarts_too_often:
                raise InstallationProblem(
                    f"The {child.name} process ends again and again (last exit code {child.process.returncode}). "
                    "See what it wrote above, and: minga doctor"
                )
            child.start()


def _end(children: list[Child]) -> None:
    """Ask all to stop, wait, then kill what is left, with everything that it started."""
    for child in children:
        _signal_group(child, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal_group(child, signal.SIGKILL)
            child.process.wait(timeout=2)


def _signal_group(child: Child, number: int) -> None:
    if child.process is not None and child.process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(child.process.pid, number)
            else:
                child.process.send_signal(number)


def _die_with_parent() -> None:
    """On Linux, be told to end when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _address_in(mark) -> str:
    try:
        return json.loads(mark.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, KeyError):
        return "see the terminal where it was started."
