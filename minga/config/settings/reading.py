"""Reads settings from the environment; a wrong one becomes a sentence for the operator."""

from collections.abc import Callable
from typing import TypeVar

from environs import Env, EnvError

from minga.installation.problems import InstallationProblem

env = Env()
Value = TypeVar("Value")


def read(name: str, default: Value, reader: Callable = env.str, *, meaning: str) -> Value:
    """A setting's value.

    Args:
        name: the environment variable.
        default: what holds when it is not set.
        reader: one of environs' readers (`env.int`, `env.bool`, `env.list`).
        meaning: what the setting is, for the message when it is wrong.

    Raises:
        InstallationProblem: the variable holds something else.
    """
    try:
        return reader(name, default)
    except (EnvError, ValueError) as problem:
        raise InstallationProblem(
            f"The setting {name} cannot be read: {meaning} is expected, not {env.str(name, '')!r}."
        ) from problem
