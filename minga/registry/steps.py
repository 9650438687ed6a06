"""Writes the declared lifecycle into the database, where `registry_move` enforces it."""

from django.db import connection

from minga.registry.lifecycle import STEPS


def declare() -> None:
    """Fill `registry_step` from the declaration; as the owner, after each migration."""
    with connection.cursor() as cursor:
        cursor.execute("delete from registry_step")
        cursor.executemany(
            "insert into registry_step (name, sources, target, who, needs_reason) values (%s, %s, %s, %s, %s)",
            [
                (step.name, [str(state) for state in step.sources], str(step.target), [str(who) for who in step.who],
                 step.needs_reason)
                for step in STEPS.values()
            ],
        )  # fmt: skip
