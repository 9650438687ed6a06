"""Rows of each table: how a backup is compared with what it was made from, and with what was made of it."""

from fnmatch import fnmatch

import psycopg
from psycopg import sql

TABLES = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""
# Not carried over: what was queued (a restored queue would do it a second time), and what lets somebody in at once
# (whoever finds a backup must not find an open session or a link in it).
PASSING = ("procrastinate_*", "django_session", "usersessions_usersession", "accounts_attempt", "notifications_mail")


def has_tables(connection: psycopg.Connection) -> bool:
    """Whether anything is in the database."""
    return connection.execute(TABLES).fetchone() is not None


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Table -> number of rows that this connection's role sees."""
    tables = [
        name for (name,) in connection.execute(TABLES).fetchall()
        if not any(fnmatch(name, pattern) for pattern in PASSING)
    ]  # fmt: skip
    count = sql.SQL("select count(*) from {}")
    return {name: connection.execute(count.format(sql.Identifier(name))).fetchone()[0] for name in tables}
