"""Keeps the result of a function for some minutes in this process: for what is public, small and rarely changes.

Django's own cache copies what it holds at every look (pickle); a list page looks up two hundred names.
"""

import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
_forgetters: list[Callable[[], None]] = []


def kept(*, seconds: int) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorate a function of hashable arguments whose result nobody changes.

    Args:
        seconds: how long a result may be old.
    """

    def decorate(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @lru_cache(maxsize=256)
        def remembered(_moment: int, *arguments) -> Result:
            return function(*arguments)

        _forgetters.append(remembered.cache_clear)

        @wraps(function)
        def asked(*arguments) -> Result:
            return remembered(int(time.monotonic() // seconds), *arguments)

        return asked

    return decorate


def forget_everything() -> None:
    """Forget all kept results: after loading new ones, and between tests."""
    for forget in _forgetters:
        forget()
