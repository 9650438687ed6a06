"""What the current person is, for whom: asked of the database, which decides by the same functions."""

from django.db import connection

from minga.access.permissions import OF_ACTOR, OF_PROCESS


def written_actors() -> list[int]:
    """The ids of the actors for which she writes records."""
    return _ask("minga_my_written_actors()")


def own_actors() -> list[int]:
    """The ids of the actors whose records are her office's."""
    return actors_as(*OF_ACTOR)


def my_processes() -> list[int]:
    """The ids of the processes that she takes part in."""
    return _ask("minga_my_processes()")


def actors_as(*roles: str) -> list[int]:
    """The ids of the actors for which she holds one of these roles."""
    return _ask("minga_my_actors_as(%s)", [str(role) for role in roles])


def processes_as(*roles: str) -> list[int]:
    """The ids of the processes for which she holds one of these roles."""
    return _ask("minga_my_processes_as(%s)", [str(role) for role in roles])


def is_administrator() -> bool:
    """Whether she runs the installation."""
    with connection.cursor() as cursor:
        cursor.execute("select minga_is_administrator()")
        return cursor.fetchone()[0]


def roles() -> frozenset[str]:
    """All roles that she holds today, for whomever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct role from minga_my_grants(%s)",
            [[*map(str, OF_ACTOR), *map(str, OF_PROCESS), "administrator"]],
        )
        return frozenset(role for (role,) in cursor.fetchall())


def _ask(question: str, *parameters) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {question}", list(parameters))
        return cursor.fetchone()[0]
