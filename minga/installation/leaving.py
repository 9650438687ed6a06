"""A command that is told to end leaves in order, so that the database it started stops with it.

Python ends at once on SIGTERM and SIGHUP, past every `finally`. Within the block they end it as Ctrl-C does. Processes
that answer signals in their own way (the site, the worker, `minga up`) keep their own answers.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the block, once; a second one does not disturb the leaving."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in taken:
            if signal.getsignal(number) in (_leave, signal.SIG_IGN):
                signal.signal(number, signal.SIG_DFL)


def _leave(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)
