"""Who is asking, said to the database: the setting that all row-security policies read.

`acting(person=...)` opens the transaction of a request, command or job and names its person.
`acting_as_operator(...)` is for commands on the installation's own machine: as the worker, it sees everything
and says so in the audit trail. Both settings end with the transaction, so a pooled connection carries nothing over.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, transaction

from minga.audit import changes as audit

_sees_public_only: ContextVar[bool] = ContextVar("sees_public_only", default=False)


@contextmanager
def acting(*, person: int | None) -> Iterator[None]:
    """Run the block in one transaction in which the database shows what this person may read.

    Args:
        person: the person's id; None for a visitor, who sees what is public and published.
    """
    with transaction.atomic(), _setting("minga.person", str(person or "")), _setting("minga.sees_all", "off"):
        before = _sees_public_only.set(person is None)
        try:
            yield
        finally:
            _sees_public_only.reset(before)


@contextmanager
def acting_as_operator(*, act: str, **details) -> Iterator[None]:
    """Run the block in one transaction that sees everything, and note it in the audit trail.

    Works only on a connection of the worker; for every other role it changes nothing.

    Args:
        act: what is done, such as "operator.import".
        details: what to note with it.
    """
    with seeing_all():
        audit.note(act, by_operator=operator_name(), **details)
        yield


@contextmanager
def seeing_all() -> Iterator[None]:
    """One more transaction of a command that has already been noted (an import works in many)."""
    with transaction.atomic(), _setting("minga.person", ""), _setting("minga.sees_all", "on"):
        before = _sees_public_only.set(False)
        try:
            yield
        finally:
            _sees_public_only.reset(before)


def acting_person() -> int | None:
    """The person whom the database knows in this transaction, by its own word; None for a visitor."""
    with connection.cursor() as cursor:
        cursor.execute("select minga_person()")
        return cursor.fetchone()[0]


def sees_public_only() -> bool:
    """Whether the current reader is a visitor, for whom nothing beyond the public need be looked for."""
    return _sees_public_only.get()


def operator_name() -> str:
    """The machine's user who runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def limit_statements() -> None:
    """End statements of this transaction that take longer than a web request may."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local statement_timeout = {int(settings.STATEMENT_TIMEOUT)}")


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    """Set for the transaction and put back after the block, since blocks may nest in tests."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s, true)", [name])
        before = cursor.fetchone()[0]
        cursor.execute("select set_config(%s, %s, true)", [name, value])
    yield
    # After an error, or when a dry run is undone, the rollback puts the setting back.
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("select set_config(%s, %s, true)", [name, before or ""])
