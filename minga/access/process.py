"""Says as which database role this process works, and changes it during a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from minga.installation.database import Role, role_of_process, use_role


@contextmanager
def working_as(role: Role) -> Iterator[None]:
    """Connect as another role for the length of the block."""
    before = role_of_process()
    become(role)
    try:
        yield
    finally:
        become(before)


def become(role: Role) -> None:
    """Close this process's connections and make new ones as the role."""
    forget_connections()
    use_role(role)


def forget_connections() -> None:
    """Close this thread's connections and the pools behind them."""
    for each in connections.all():
        each.close()
        each.close_pool()
