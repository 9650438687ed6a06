"""Writes row-security policies into migrations, so that no table gets half of them.

`Guard(table, read=..., write=...)` enables row security and makes four policies, one an operation: a single
policy without `for select` would let anyone change what she may read.
"""

from django.db.migrations.operations import RunSQL

SEES_ALL = "(select minga_sees_all())"


def guard(table: str, *, read: str, write: str = SEES_ALL) -> RunSQL:
    """A migration operation that puts a table under row security.

    Args:
        table: the table's name.
        read: SQL condition over a row under which it may be read, beside those who see all.
        write: SQL condition under which a row may be inserted, changed or deleted.
    """
    read = f"{SEES_ALL} or ({read})"
    return RunSQL(
        [
            f"alter table {table} enable row level security",
            f"create policy {table}_read on {table} for select using ({read})",
            f"create policy {table}_insert on {table} for insert with check ({write})",
            f"create policy {table}_update on {table} for update using ({write}) with check ({write})",
            f"create policy {table}_delete on {table} for delete using ({write})",
        ],
        [f"drop policy {table}_{name} on {table}" for name in ("read", "insert", "update", "delete")]
        + [f"alter table {table} disable row level security"],
    )
