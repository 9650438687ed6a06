"""Rows of each table: how a backup is compared with what it was made from, and with what was made of it."""

import psycopg
from psycopg import sql

TABLES = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""
QUEUE = "procrastinate_"  # what was queued or running is not carried over: a restored queue would do it a second time


def has_tables(connection: psycopg.Connection) -> bool:
    """Whether anything is in the database."""
    return connection.execute(TABLES).fetchone() is not None


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Table -> number of rows that this connection's role sees."""
    tables = [name for (name,) in connection.execute(TABLES).fetchall() if not name.startswith(QUEUE)]
    count = sql.SQL("select count(*) from {}")
    return {name: connection.execute(count.format(sql.Identifier(name))).fetchone()[0] for name in tables}
