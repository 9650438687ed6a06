"""`minga up`: the site and its worker as child processes, and the end of all of them together.

The children run in sessions of their own, so that Ctrl-C reaches the supervisor alone and it decides the order: web
and worker first, the database last. On Linux they die with a supervisor that is killed.
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from django.utils.translation import gettext as _

from minga.installation.database import Database
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.operations.children import LONGEST_PAUSE, Child, end_all
from minga.operations.serving import require_free_port

LOOK_AT_DATABASE_SECONDS = 3
START_SECONDS = 60

log = structlog.get_logger(__name__)
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy of the environment


def require_installation(home: Home, *, hosted: bool) -> None:
    """Refuse to make a new installation where one has to be: people would take it for theirs, and lost.

    Args:
        home: where it has to be.
        hosted: whether the site has a public name.

    Raises:
        InstallationProblem: a restore into the home did not succeed, or the site is hosted and nothing is there.
    """
    if home.is_made:
        return
    if home.restore_mark.exists():
        raise InstallationProblem(
            _(
                "A restore into %(folder)s did not succeed. Begin it again with: minga restore FILE, or make a new "
                "installation with: minga init"
            )
            % {"folder": home.folder}
        )
    if hosted:
        raise InstallationProblem(
            _(
                "There is no installation in %(folder)s, and a site with a public name (MINGA_HOST) does not make one "
                "by itself. Make a new one with: minga init, or bring yours back with: minga restore FILE"
            )
            % {"folder": home.folder}
        )


@dataclass
class Supervisor:
    """Runs the site of one home until it is told to stop."""

    home: Home
    host: str
    port: int
    _stopping: bool = False
    _look_at_database_at: float = 0.0
    _database_failures: int = 0
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
            Child("encoder", [*minga, "encoder"], is_vital=False),
        ]
        try:
            for child in children:
                child.start()
            self._announce(children)
            while not self._stopping:
                for child in children:
                    child.look_after()
                self._look_after(database)
                time.sleep(0.3)
        finally:
            end_all(children)

    def _announce(self, children: list[Child]) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not self._stopping:
            if children[0].has_ended:
                raise InstallationProblem("The web process ended at once; its message is above.")
            with contextlib.suppress(OSError), _direct.open(f"{self.address}healthz", timeout=2):
                children[0].has_come_up = True
                print(f"\nMinga is at {self.address}   (stop with Ctrl-C)", flush=True)  # noqa: T201
                if self._told:
                    print(f"\n{self._told}", flush=True)  # noqa: T201
                return
            time.sleep(0.1)
        if not self._stopping:
            raise InstallationProblem(f"The site does not answer at {self.address} after {START_SECONDS} seconds.")

    def _look_after(self, database: Database) -> None:
        """A server that was killed (no memory left) comes back without help, as soon as it can."""
        if not database.embedded or time.monotonic() < self._look_at_database_at:
            return
        pause = LOOK_AT_DATABASE_SECONDS
        try:
            if not database.embedded.is_running:
                log.warning("database_ended")
                database.embedded.ensure_running()
            self._database_failures = 0
        except InstallationProblem as problem:
            self._database_failures += 1
            pause = min(LONGEST_PAUSE, pause * 2**self._database_failures)
            log.error("database_does_not_start", reason=str(problem), again_in_seconds=pause)
        self._look_at_database_at = time.monotonic() + pause


def _address_in(mark) -> str:
    try:
        return json.loads(mark.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, KeyError):
        return "see the terminal where it was started."
