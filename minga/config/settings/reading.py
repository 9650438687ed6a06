"""Reads settings from the environment; a wrong one becomes a sentence for the operator."""

from collections.abc import Callable, Collection
from typing import TypeVar

from environs import Env, EnvError

from minga.installation.problems import InstallationProblem

env = Env()
Value = TypeVar("Value")


def read(
    name: str, default: Value, reader: Callable = env.str, *, meaning: str, among: Collection[Value] | None = None
) -> Value:
    """A setting's value.

    Args:
        name: the environment variable.
        default: what holds when it is not set.
        reader: one of environs' readers (`env.int`, `env.bool`, `env.list`).
        meaning: what the setting is, for the message when it is wrong.
        among: the values that it may have, where these are few.

    Raises:
        InstallationProblem: the variable holds something else.
    """
    message = f"The setting {name} cannot be read: {meaning} is expected, not {env.str(name, '')!r}."
    try:
        value = reader(name, default)
    except (EnvError, ValueError) as problem:
        raise InstallationProblem(message) from problem
    if among is not None and value not in among:
        raise InstallationProblem(message)
    return value
