"""Takes a backup: one file that holds an installation, made while the site runs on.

The dump is made by the backup role, which reads through a policy and has no other right. Dump and counts look at one
and the same snapshot of the database. Before the file counts as made, the rows that this role saw
are compared with those that the owner sees: a policy that hid anything fails loudly.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from minga import __version__
from minga.installation.database import Database
from minga.installation.home import FORMAT
from minga.installation.problems import InstallationProblem
from minga.operations.backupfile import DUMP, Manifest, checksums, pack
from minga.operations.counting import PASSING, count_rows
from minga.operations.programs import run_program


@dataclass(frozen=True)
class Written:
    """A backup that was made."""

    records: int
    size: int


def back_up(database: Database, file: Path) -> Written:
    """Write the installation into one file.

    Args:
        database: in use.
        file: what to write; it appears only when it is whole.

    Raises:
        InstallationProblem: the file exists or cannot be written, or a policy hides rows from the backup.
    """
    if file.is_file() or file.is_dir():
        raise InstallationProblem(_("%(file)s exists already. Choose another name.") % {"file": file})
    try:
        with tempfile.TemporaryDirectory(dir=database.home.run) as folder, _draft_of(file) as draft:
            manifest = _dump(database, Path(folder) / DUMP)
            pack(Path(folder), files=database.home.files, manifest=manifest, into=draft)
    except OSError as problem:
        raise InstallationProblem(
            _("%(file)s cannot be written (%(reason)s). Choose another place, or free some space.")
            % {"file": file, "reason": problem.strerror}
        ) from problem
    return Written(manifest.records, file.stat().st_size)


@contextmanager
def _draft_of(file: Path) -> Iterator[Path]:
    """Where to write until the file is whole; a device or a pipe is written to as it is."""
    if file.exists():
        yield file
        return
    draft = file.with_name(f"{file.name}.new")
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _dump(database: Database, dump: Path) -> Manifest:
    with database.connect("owner") as owner, database.connect("backup") as backup:
        owner.isolation_level = backup.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = owner.execute("select pg_export_snapshot()").fetchone()[0]
        backup.execute(psycopg.sql.SQL("set transaction snapshot {}").format(snapshot))
        rows = count_rows(owner)
        _require_all_seen(rows, count_rows(backup))
        run_program(database, "backup", "pg_dump", "--format", "custom", "--enable-row-security", "--no-owner",
                    "--no-privileges", *(word for pattern in PASSING for word in ("--exclude-table-data", pattern)), "--snapshot", snapshot,
                    "--file", str(dump))  # fmt: skip
        version = owner.info.server_version
    return Manifest(
        minga=__version__, format=FORMAT, postgresql=version, made_at=datetime.now(UTC).isoformat(),
        bundled=database.home.holds_bundled, rows=rows, checksums=dict(checksums(dump, files=database.home.files)),
        second_factor_key=database.home.secret("second_factor"),
        redaction_key=database.home.secret("redaction"),
    )  # fmt: skip


def _require_all_seen(rows: dict[str, int], seen: dict[str, int]) -> None:
    hidden = sorted(name for name in rows if seen.get(name) != rows[name])
    if hidden:
        raise InstallationProblem(
            _("The backup role does not see all rows of: %(tables)s. The backup was not made.")
            % {"tables": ", ".join(hidden)}
        )
