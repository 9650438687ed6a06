"""A child that ends comes back, each time a little later; one that never starts ends the whole with a sentence."""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise

import psutil
import pytest

from minga.installation.problems import InstallationProblem
from minga.operations import children
from minga.operations.children import LONGEST_PAUSE, LONGEST_PAUSE_KILLED, MOST_FAILED_STARTS, Child
from minga.operations.supervising import Supervisor


class Clock:
    """A time that passes when it is told to."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Ended(Child):
    """A child whose process ends by itself, and is not really started."""

    def start(self) -> None:
        self._started_at, self._again_at = children.time.monotonic(), None
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.process.wait()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(children, "time", clock)
    return clock


def pauses(child: Child, clock: Clock, *, lives: list[float]) -> list[float]:
    """How long the child was away after each of its lives."""
    child.start()
    found = []
    for life in lives:
        clock.now += life
        before = child.process
        child.look_after()
        begun = clock.now
        while child.process is before:
            clock.now += 1
            child.look_after()
        found.append(clock.now - begun)
    return found


class TestAChildThatIsKilled:
    command = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]

    def test_comes_back_at_once_and_then_within_seconds_for_ever(self, clock):
        assert pauses(Ended("worker", self.command), clock, lives=[5.0] * 12) == [0, 1, 2, *[LONGEST_PAUSE_KILLED] * 9]

    def test_comes_back_at_once_after_a_steady_life(self, clock):
        assert pauses(Ended("worker", self.command), clock, lives=[5, 5, 5, 100, 5]) == [0, 1, 2, 0, 1]


class TestAChildThatEndsByItself:
    command = [sys.executable, "-c", "raise SystemExit(3)"]

    def test_and_never_started_ends_the_whole_with_a_sentence(self, clock):
        child = Ended("worker", self.command)

        with pytest.raises(InstallationProblem, match=r"worker process does not start .* 3"):
            pauses(child, clock, lives=[2.0] * MOST_FAILED_STARTS)

    def test_is_tried_on_when_it_had_come_up_once_after_growing_pauses(self, clock):
        found = pauses(Ended("worker", self.command), clock, lives=[30.0, *[2.0] * 10])

        assert found[:5] == [0, 1, 2, 4, 8]
        assert found[-1] == LONGEST_PAUSE


class TestWhatAChildStarted:
    # A web process and the one below it that holds the port.
    command = [sys.executable, "-c",
               "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"]  # fmt: skip

    @pytest.fixture
    def child(self):
        child = Child("web", self.command)
        child.start()
        yield child
        child.kill_group()
        child.process.wait()

    def test_is_ended_before_the_child_is_started_again(self, child):
        below = self._below(child)
        child.process.kill()
        child.process.wait()

        child.look_after()

        psutil.wait_procs([below], timeout=5)
        assert not below.is_running() or below.status() == psutil.STATUS_ZOMBIE
        assert not child.has_ended

    def test_is_ended_with_a_child_that_was_told_to_stop(self, child):
        below = self._below(child)

        children.end_all([child])

        psutil.wait_procs([below], timeout=5)
        assert child.process.returncode == -signal.SIGTERM
        assert not below.is_running() or below.status() == psutil.STATUS_ZOMBIE

    @staticmethod
    def _below(child: Child) -> psutil.Process:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(psutil.Error, IndexError):
                return psutil.Process(child.process.pid).children()[0]
            time.sleep(0.05)
        raise AssertionError("started nothing")


class TestADatabaseThatDoesNotStart:
    def test_is_tried_again_after_growing_pauses(self, monkeypatch):
        clock = Clock()
        monkeypatch.setattr("minga.operations.supervising.time", clock)
        tries = []

        class Server:
            is_running = False

            def ensure_running(self):
                tries.append(clock.now)
                raise InstallationProblem("The disk is full.")

        class Database:
            embedded = Server()

        supervisor = Supervisor(home=None, host="127.0.0.1", port=0)
        for _second in range(300):
            supervisor._look_after(Database())
            clock.now += 1

        between = [late - early for early, late in pairwise(tries)]
        assert between == sorted(between) and between[0] < 10 and between[-1] == LONGEST_PAUSE
