"""One file that holds an installation: database and uploads. Passwords stay behind; a restored home makes its own.

The dump is made by the backup role, which reads through a policy and has no other right. Before the file counts as made,
the rows that this role saw are compared with those that the owner sees: a policy that hid anything fails loudly.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.utils.translation import gettext as _

from minga import __version__
from minga.access.process import become, forget_connections, working_as
from minga.access.roles import grant_everything, make_operators_leakproof
from minga.installation.database import Database, Role
from minga.installation.embedded import programs
from minga.installation.home import FORMAT, Home
from minga.installation.problems import InstallationProblem

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
TABLES = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    minga: str
    format: int
    made_at: str
    bundled: bool
    rows: dict[str, int]

    @property
    def records(self) -> int:
        return self.rows["registry_record"]


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
    if file.is_file():
        raise InstallationProblem(_("%(file)s exists already. Choose another name.") % {"file": file})
    draft = file if file.exists() else file.with_name(f"{file.name}.new")
    try:
        with tempfile.TemporaryDirectory(dir=database.home.run) as folder:
            dump = Path(folder) / DUMP
            _run(database, "backup", "pg_dump", "--format", "custom", "--enable-row-security", "--no-owner",
                 "--no-privileges", "--exclude-table-data", "procrastinate_*", "--file", str(dump))  # fmt: skip
            manifest = _manifest(database)
            (Path(folder) / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
            with tarfile.open(draft, "w") as archive:
                for name in (MANIFEST, DUMP):
                    archive.add(Path(folder) / name, arcname=name)
                archive.add(database.home.files, arcname=FILES)
        if draft != file:
            draft.replace(file)
    except OSError as problem:
        if draft != file:
            draft.unlink(missing_ok=True)
        raise InstallationProblem(
            _("%(file)s cannot be written (%(reason)s). Choose another place, or free some space.")
            % {"file": file, "reason": problem.strerror}
        ) from problem
    return Written(manifest.records, file.stat().st_size)


def restore_into(home: Home, file: Path) -> Manifest:
    """Make an installation from a backup.

    Args:
        home: a folder without an installation.
        file: what `back_up` wrote.

    Raises:
        InstallationProblem: the home or its database is in use, or the file is damaged or of a newer version. Nothing
            half made is left behind.
    """
    if home.exists:
        raise InstallationProblem(
            _("There is an installation in %(folder)s already. Name an empty folder with MINGA_HOME.")
            % {"folder": home.folder}
        )
    was_there = home.folder.exists()
    with tempfile.TemporaryDirectory() as unpacked:
        manifest = _unpack(file, Path(unpacked))
        home.create()
        try:
            with Database(home).in_use() as database:
                _fill(database, Path(unpacked), manifest)
        except BaseException:
            forget_connections()
            shutil.rmtree(home.folder if not was_there else home.postgres, ignore_errors=True)
            if was_there:
                home.forget()
            raise
        shutil.copytree(Path(unpacked) / FILES, home.files, dirs_exist_ok=True)
    home.remember(bundled=manifest.bundled)
    return manifest


def _fill(database: Database, folder: Path, manifest: Manifest) -> None:
    """Load the dump, bring it to this version, give the roles their rights, and count."""
    from minga.operations.initialising import refuse_newer_database

    database.ensure()
    with database.connect("owner") as owner:
        if owner.execute(TABLES).fetchone():
            raise InstallationProblem(_("The database is not empty. Name an empty one with DATABASE_URL."))
    _run(database, "owner", "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         "--dbname", database.name, str(folder / DUMP))  # fmt: skip
    with database.connect("owner") as owner:
        rows = _count(owner)
        if rows != manifest.rows:
            wrong = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
            raise InstallationProblem(
                _("The backup is not whole: these tables differ from its manifest: %(tables)s.")
                % {"tables": ", ".join(wrong[:5])}
            )
    with working_as("owner"):
        refuse_newer_database()
        call_command("migrate", interactive=False, verbosity=0)
        grant_everything(database)
        make_operators_leakproof()
    become("worker")


def _unpack(file: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        described = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**described)
        if not (folder / DUMP).is_file() or not (folder / FILES).is_dir():
            raise KeyError(DUMP)
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, EOFError) as problem:
        raise InstallationProblem(
            _("%(file)s is not a whole backup of Minga. Nothing was changed.") % {"file": file}
        ) from problem
    if manifest.format > FORMAT:
        raise InstallationProblem(
            _("%(file)s was made by Minga %(version)s, which is newer than this one (%(ours)s). Nothing was changed.")
            % {"file": file, "version": manifest.minga, "ours": __version__}
        )
    return manifest


def _manifest(database: Database) -> Manifest:
    with database.connect("owner") as owner, database.connect("backup") as backup:
        rows, seen = _count(owner), _count(backup)
    hidden = sorted(name for name in rows if seen.get(name) != rows[name])
    if hidden:
        raise InstallationProblem(
            _("The backup role does not see all rows of: %(tables)s. The backup was not made.")
            % {"tables": ", ".join(hidden)}
        )
    return Manifest(__version__, FORMAT, datetime.now(UTC).isoformat(), database.home.holds_bundled, rows)


def _count(connection: psycopg.Connection) -> dict[str, int]:
    # What was queued or running is not carried over: a restored queue would do it a second time.
    tables = [name for (name,) in connection.execute(TABLES).fetchall() if not name.startswith("procrastinate_")]
    return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in tables}


def _run(database: Database, role: Role, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs as a role; the password goes through the environment."""
    parameters = database.parameters(role)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE"}  # fmt: skip
    environment = {names[key]: str(value) for key, value in parameters.items() if key in names}
    done = subprocess.run(
        [str(programs() / program), *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-400:]
        if "No space left" in reason:
            raise OSError(28, "No space left on device")
        raise InstallationProblem(f"{program}: {reason}")
