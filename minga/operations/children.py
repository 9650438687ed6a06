"""The child processes of `minga up`: each leads a group of its own, and is started again when it ends.

The first time at once, then after pauses that grow to a minute (some seconds for one that was killed): what made it end may last (a full disk, a lost
database), and ends by itself more often than somebody is there to start the site again.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import structlog

from minga.installation.problems import InstallationProblem

STOP_SECONDS = 8
LONGEST_PAUSE = 60
LONGEST_PAUSE_KILLED = 4  # of one that was killed (no memory left, an operator): it would have gone on
UP_SECONDS = 10  # a child that has lived for so long has come up
STEADY_SECONDS = 60  # one that has lived for so long is started at once again
MOST_FAILED_STARTS = 5  # of a child that has never come up
_PR_SET_PDEATHSIG = 1

log = structlog.get_logger(__name__)


@dataclass
class Child:
    """A child process: what starts it, and how often it has ended lately."""

    name: str
    command: list[str]
    is_vital: bool = True  # False: the site does without it, so it is tried for ever
    process: subprocess.Popen | None = None
    has_come_up: bool = False
    _ends: int = 0  # in a row, none of the lives between them steady
    _failed_starts: int = 0
    _started_at: float = 0.0
    _again_at: float | None = None  # set while it is ended and waits to be started

    def start(self) -> None:
        """Start it in a session of its own."""
        self._started_at, self._again_at = time.monotonic(), None
        # Safe: no threads run here before the children are started.
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509

    @property
    def has_ended(self) -> bool:
        """Whether it is not there now."""
        return self.process is None or self.process.poll() is not None

    def look_after(self) -> None:
        """Start it again when it has ended, at once or when its pause is over.

        Raises:
            InstallationProblem: it has never come up and ended by itself each time.
        """
        if self._again_at is None and self.has_ended:
            self._again_at = time.monotonic() + self._note_end()
        if self._again_at is not None and time.monotonic() >= self._again_at:
            self.start()

    def _note_end(self) -> int:
        """Clear away what it leaves; returns the seconds to wait before it is started again."""
        self.kill_group()
        lived = time.monotonic() - self._started_at
        code = self.process.returncode
        self.has_come_up = self.has_come_up or lived >= UP_SECONDS
        self._failed_starts += code >= 0  # one that is killed is lost, and says nothing about how it starts
        if self.is_vital and not self.has_come_up and self._failed_starts >= MOST_FAILED_STARTS:
            raise InstallationProblem(
                f"The {self.name} process does not start (last exit code {code}). "
                "See what it wrote above, and: minga doctor"
            )
        self._ends = 1 if lived >= STEADY_SECONDS else self._ends + 1
        longest = LONGEST_PAUSE_KILLED if code < 0 else LONGEST_PAUSE
        pause = 0 if self._ends == 1 else min(longest, 2 ** (self._ends - 2))
        log.warning("child_ended", child=self.name, code=code, again_in_seconds=pause)
        return pause

    def ask_to_stop(self) -> None:
        """Tell it, and not what it started: it ends these in its own order."""
        if not self.has_ended:
            self.process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """Kill it with all that it started: a web process that was killed alone leaves one that holds the port."""
        with suppress(ProcessLookupError, PermissionError):  # macOS: nobody in it but who has ended already
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, *, within: float) -> None:
        """Wait for it, then kill what is left of it."""
        if self.process is None or self._again_at is not None:  # what it left is gone, and its number another's
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, within))
        self.kill_group()
        self.process.wait(timeout=2)


def end_all(children: list[Child]) -> None:
    """Ask all to stop, wait, then kill what is left, with everything that it started."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.end(within=until - time.monotonic())


def _die_with_parent() -> None:
    """On Linux, be told to end when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
