"""Where a command writes: a file that appears only when it is whole, or standard output."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from minga.installation.problems import InstallationProblem

Write = Callable[[bytes], object]


@contextmanager
def written(out: Path | None) -> Iterator[Write]:
    """Open what is written to; yields the function that writes bytes.

    A pipe that was closed by its reader (`minga export | head`) ends the command quietly.

    Raises:
        InstallationProblem: the disk is full, or the folder cannot be written.
    """
    try:
        if out is None:
            yield sys.stdout.buffer.write
            sys.stdout.buffer.flush()
        elif out.exists() and not out.is_file():  # /dev/stdout, a named pipe; a folder is refused by the system
            with out.open("wb") as stream:
                yield stream.write
        else:
            with _whole(out) as write:
                yield write
    except BrokenPipeError:
        _forget_standard_output()
        raise SystemExit(0) from None
    except OSError as problem:
        if out is None:
            _forget_standard_output()
        raise InstallationProblem(
            _("%(file)s cannot be written (%(reason)s). Choose another place, or free some space.")
            % {"file": out or _("Standard output"), "reason": problem.strerror}
        ) from problem


@contextmanager
def _whole(out: Path) -> Iterator[Write]:
    """A file that takes its name at the end; nothing is left of one that fails."""
    draft = out.with_name(f"{out.name}.new")
    try:
        with draft.open("wb") as stream:
            yield stream.write
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _forget_standard_output() -> None:
    """What could not be written is not tried again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
