"""Makes an installation from a backup, whole or not at all; it gets passwords of its own.

The dump goes into an empty database in one transaction; whatever then turns out wrong (rows that differ from the
manifest, a newer version) takes everything back, on a server of somebody else's too. Until all is there the home holds
no installation, only the mark of a restore (unfinished.py): nothing serves one that is half made.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.utils.translation import gettext as _

from minga.access.process import become, forget_connections, working_as
from minga.access.rowsecurity import seeing_all
from minga.installation.database import Database
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.operations.backupfile import DUMP, FILES, Manifest, unpack
from minga.operations.counting import count_rows, has_tables
from minga.operations.initialising import declare_rights, refuse_newer_database
from minga.operations.programs import run_program
from minga.operations.unfinished import UNPACKED, Mark, marked
from minga.redaction import outside, restored

# Only ever run on a database that was empty before: what extensions brought stays.
EMPTY_AGAIN = """
do $$
declare what record;
begin
    for what in select c.oid::regclass as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    loop execute format('drop table if exists %s cascade', what.name); end loop;
    for what in select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace
        and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    loop execute format('drop routine if exists %s cascade', what.name); end loop;
    for what in select t.oid::regtype as name from pg_type t
        where t.typnamespace = 'public'::regnamespace and (t.typtype in ('e', 'd')
            or t.typtype = 'c' and exists (select 1 from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
        and not exists (select 1 from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    loop execute format('drop type if exists %s cascade', what.name); end loop;
    for what in select c.oid::regconfig as name from pg_ts_config c where c.cfgnamespace = 'public'::regnamespace
    loop execute format('drop text search configuration if exists %s cascade', what.name); end loop;
end $$
"""


def restore_into(home: Home, file: Path, *, redactions: Path | None = None) -> Manifest:
    """Make an installation from a backup.

    Args:
        home: a folder without an installation.
        file: what `back_up` wrote.
        redactions: `redactions.jsonl` of the installation that the backup was taken from: what was redacted since is
            taken out again. One that lies in the new home already is read anyway.

    Raises:
        InstallationProblem: the home or its database is in use, or the file is damaged or of a newer version. Nothing
            is left behind but the mark that a restore did not succeed.
    """
    if home.exists:
        raise InstallationProblem(
            _("There is an installation in %(folder)s already. Name an empty folder with MINGA_HOME.")
            % {"folder": home.folder}
        )
    with _made(home) as (unpacked, mark):
        manifest = unpack(file, unpacked)
        home.prepare()
        _keep_keys(home, manifest)
        with Database(home).in_use() as database, _filling(database, mark):
            _fill(database, unpacked / DUMP, manifest)
            _forget_what_is_over(database)
            with seeing_all():
                for known in {home.folder / outside.FILE, *([redactions] if redactions else [])}:
                    restored.apply_again(known)
            shutil.copytree(unpacked / FILES, home.files, dirs_exist_ok=True)
        home.remember(bundled=manifest.bundled)
    return manifest


def _keep_keys(home: Home, manifest: Manifest) -> None:
    for name, key in (("second_factor", manifest.second_factor_key), ("redaction", manifest.redaction_key)):
        if key:
            home.keep_secret(name, key)


def _forget_what_is_over(database: Database) -> None:
    """Links of the day of the backup are not those of today."""
    with database.connect("owner") as owner:
        owner.execute("update accounts_invitation set used_at = now() where used_at is null")


@contextmanager
def _made(home: Home) -> Iterator[tuple[Path, Mark]]:
    """A folder to unpack in, on the disk of the home; when the block fails, nothing of the home is left but the mark."""
    try:
        with marked(home) as mark:
            mark.begin()
            try:
                with tempfile.TemporaryDirectory(dir=home.folder, prefix=UNPACKED) as unpacked:
                    yield Path(unpacked), mark
            except BaseException:
                mark.clear_away()
                raise
    except OSError as problem:
        raise InstallationProblem(
            _("The installation cannot be made in %(folder)s (%(reason)s). Nothing was changed.")
            % {"folder": home.folder, "reason": problem.strerror or problem}
        ) from problem


@contextmanager
def _filling(database: Database, mark: Mark) -> Iterator[None]:
    """The database, empty at first and with our roles; when the block fails it is empty again."""
    if not database.embedded:  # before the roles get new passwords, which a site that runs on it has
        _require_empty(database)
    database.ensure()
    _require_empty(database)
    mark.note(fills=True)
    try:
        yield
    except BaseException:
        forget_connections()
        with database.connect("owner") as owner:
            owner.execute(EMPTY_AGAIN)
        mark.note(fills=False)
        raise


def _require_empty(database: Database) -> None:
    with database.connect("owner") as owner:
        if has_tables(owner):
            raise InstallationProblem(_("The database is not empty. Name an empty one with DATABASE_URL."))


def _fill(database: Database, dump: Path, manifest: Manifest) -> None:
    """Load the dump, count, bring it to this version, and give the roles their rights."""
    _load(database, dump)
    _compare(database, manifest)
    with working_as("owner"):
        refuse_newer_database()
        call_command("migrate", interactive=False, verbosity=0)
        declare_rights(database)
    become("worker")


def _load(database: Database, dump: Path) -> None:
    run_program(database, "owner", "pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--exit-on-error",
                "--single-transaction", "--dbname", database.name, str(dump))  # fmt: skip


def _compare(database: Database, manifest: Manifest) -> None:
    with database.connect("owner") as owner:
        rows = count_rows(owner)
    if rows != manifest.rows:
        wrong = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
        raise InstallationProblem(
            _("The backup is not whole: these tables differ from its manifest: %(tables)s.")
            % {"tables": ", ".join(wrong[:5])}
        )
