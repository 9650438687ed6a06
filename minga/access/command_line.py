"""How every command opens the installation: the database up, connected as the worker, seeing all, in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager

from minga.access.process import become, forget_connections
from minga.access.rowsecurity import acting_as_operator
from minga.installation.database import Database
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem


@contextmanager
def opened() -> Iterator[Database]:
    """The installation's database, started when it is not running and left as it was found.

    Raises:
        InstallationProblem: there is no installation in the folder.
    """
    home = Home.of_environment()
    if not home.exists:
        raise InstallationProblem(f"There is no installation in {home.folder}. Make one with: minga init")
    home.check()
    with Database(home).in_use() as database:
        try:
            yield database
        finally:
            forget_connections()


def note_command(act: str, **details) -> None:
    """Write a command into the trail that does its work as another role than the worker."""
    become("worker")
    with acting_as_operator(act=act, **details):
        pass


@contextmanager
def operating(act: str, **details) -> Iterator[Database]:
    """Open the installation as its operator: the worker's role, in one transaction that sees all and is audited.

    Args:
        act: what is done, for the trail: "operator.export".
        details: what to note with it.
    """
    with opened() as database:
        become("worker")
        with acting_as_operator(act=act, **details):
            yield database
