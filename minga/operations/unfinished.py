"""The mark of a restore: there from its begin until an installation is made, by it or by another command.

With it `minga up` makes no new installation by itself, which would look like a lost one; and whoever begins anew knows
what a restore that was cut off (by a power loss) had made, and clears it away.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from django.utils.translation import gettext as _

from minga.installation.database import Database
from minga.installation.embedded import EmbeddedServer
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.operations.counting import has_tables

MAKES = ("postgres", "run", "files", "home.json", "secrets.json")  # what a restore makes in a home
UNPACKED = "restoring-"  # how the folder's name begins in which it unpacks


@dataclass
class Mark:
    """A restore that is under way or was, and what it makes; held by one process at a time."""

    home: Home
    _file: TextIO

    @property
    def _noted(self) -> dict:
        self._file.seek(0)
        try:
            return json.load(self._file)
        except ValueError:  # the disk was full, or nothing is noted yet
            return {}

    def note(self, **values: object) -> None:
        """Keep what has to be known when this process is cut off."""
        noted = self._noted | values
        self._file.seek(0)
        self._file.truncate()
        json.dump(noted, self._file)
        self._file.flush()

    @property
    def fills(self) -> bool:
        """Whether the database was being filled."""
        return bool(self._noted.get("fills"))

    def begin(self) -> None:
        """Clear away what an earlier one left, and note what this one is going to make."""
        self.clear_away()
        self.note(makes=[name for name in MAKES if not (self.home.folder / name).exists()], fills=False)

    def clear_away(self) -> None:
        """Remove what the restore has made in the home, and nothing that was there before it."""
        made = [self.home.folder / name for name in self._noted.get("makes", [])]
        if self.home.postgres in made:
            EmbeddedServer(self.home).stop()
        for path in [*made, *self.home.folder.glob(f"{UNPACKED}*")]:
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)
        self.note(makes=[])


@contextmanager
def marked(home: Home) -> Iterator[Mark]:
    """The mark of a home, made when it is missing.

    Raises:
        InstallationProblem: another process restores into the home.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    with home.restore_mark.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise InstallationProblem(_("Another restore into %(folder)s runs.") % {"folder": home.folder}) from problem
        yield Mark(home, file)


def begin_anew(home: Home) -> None:
    """Before a new installation is made: what a restore that was cut off left goes.

    Raises:
        InstallationProblem: a restore runs, or one left a database half made on a server that is not ours to clear.
    """
    if home.exists or not home.restore_mark.exists():
        return
    with marked(home) as mark:
        database = Database(home)
        if mark.fills and not database.embedded:
            with database.connect("owner") as owner:
                if has_tables(owner):
                    raise InstallationProblem(
                        _("The database holds what a restore that was cut off left there. Empty it first.")
                    )
        mark.clear_away()
