"""Writes into the database which columns a redaction may change."""

from django.db import connection

from minga.redaction.stores import STORES


def declare() -> None:
    """Fill `redaction_store` from the declaration; as the owner, after each migration."""
    with connection.cursor() as cursor:
        cursor.execute("delete from redaction_store")
        cursor.executemany(
            "insert into redaction_store values (%s, %s)",
            [(store.table, column) for store in STORES for column in store.columns],
        )
