"""What `minga doctor` looks at: each finding says whether it is well, and if not, how to mend it."""

import re
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from minga.access.process import become, working_as
from minga.access.roles import CLOSED_TO_SITE, LEAKPROOF, SECRETS, SITE
from minga.access.rowsecurity import acting, acting_as_operator
from minga.installation.database import MADE_ROLES, Database
from minga.installation.problems import InstallationProblem, OtherPostgreSQL
from minga.operations import embeddings
from minga.operations.findings import FAILURES, Finding
from minga.registry import counts
from minga.registry.models import Version

LEAST_SPACE = 1_000_000_000  # bytes
OLDEST_POSTGRESQL = 160_000
# Tables that hold nothing but what is public, or that only the owner's programs touch.
WITHOUT_ROW_SECURITY = {
    "access_databaserole", "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "django_migrations", "procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers",
    "procrastinate_workers", "redaction_store", "registry_step", "vocabularies_concept", "vocabularies_scheme", *SECRETS,
}  # fmt: skip


HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)


def examine(database: Database) -> list[Finding]:
    """Look at everything; never raises for what it looks at."""
    home = database.home
    if home.restore_mark.exists() and not home.is_made:
        return [Finding(False, _("A restore into %(folder)s did not succeed.") % {"folder": home.folder},
                        "minga restore FILE")]  # fmt: skip
    if not home.exists:
        return [Finding(False, _("There is no installation in %(folder)s.") % {"folder": home.folder}, "minga init")]
    findings = list(_of_home(database))
    try:
        with database.in_use():
            findings += _of_database(database)
    except OtherPostgreSQL as problem:
        findings.append(Finding(False, str(problem), _("See “Upgrade” in docs/how-to/host.md.")))
    except FAILURES as problem:
        findings.append(Finding(False, str(problem), _("See the log in %(folder)s.") % {"folder": home.postgres}))
    return findings


def _of_home(database: Database) -> Iterator[Finding]:
    home = database.home
    try:
        home.check()
        yield Finding(True, _("The folder %(folder)s is of this version.") % {"folder": home.folder})
    except InstallationProblem as problem:
        yield Finding(False, str(problem))
    secrets = home.folder / "secrets.json"
    if stat.S_IMODE(secrets.stat().st_mode) & 0o077:
        yield Finding(False, _("Others may read the passwords."), f"chmod 600 {secrets}")
    free = shutil.disk_usage(home.folder).free
    text = _("Free on the disk: %(size).1f GB.") % {"size": free / 1e9}
    yield Finding(free >= LEAST_SPACE, text, "" if free >= LEAST_SPACE else _("Free some space, or move the folder."))
    if settings.HOST and not HOST_NAME.fullmatch(settings.HOST):
        yield Finding(False, _("MINGA_HOST is not a name of a host: %(host)s.") % {"host": settings.HOST},
                      "MINGA_HOST=minga.example.org")  # fmt: skip
    missing = [code for code, _name in settings.LANGUAGES
               if not (Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.mo").exists()]  # fmt: skip
    if missing:
        yield Finding(False, _("Translations are not compiled: %(codes)s.") % {"codes": ", ".join(missing)},
                      "make install")  # fmt: skip


def _of_database(database: Database) -> list[Finding]:
    with database.connect("owner") as owner:
        findings = [_version_of(owner), *_roles(owner, database), _guarded(owner), *_leakproof(owner)]
    findings.append(_migrations())
    if findings[-1].is_well:  # what follows asks tables that another version may not have
        findings += [_looked(_hidden), _looked(_counts), _looked(_worker), *embeddings.look()]
    return findings


def _looked(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except FAILURES as problem:
        return Finding(False, str(problem), "minga init")


def _version_of(owner: psycopg.Connection) -> Finding:
    number = owner.info.server_version
    text = _("PostgreSQL %(version)s answers.") % {"version": f"{number // 10_000}.{number % 10_000}"}
    return Finding(number >= OLDEST_POSTGRESQL, text, "" if number >= OLDEST_POSTGRESQL else _("Use 16 or newer."))


def _roles(owner: psycopg.Connection, database: Database) -> Iterator[Finding]:
    for role in MADE_ROLES:
        name = database.parameters(role)["user"]
        found = owner.execute(
            "select rolbypassrls, rolsuper, exists (select 1 from pg_class c where c.relowner = r.oid)"
            " from pg_roles r where rolname = %s", [name],
        ).fetchone()  # fmt: skip
        well = found is not None and not any(found)
        text = _("The database role %(name)s owns nothing and cannot pass by row security.")
        if not well:
            text = _("The database role %(name)s is missing, owns tables or may pass by row security.")
        yield Finding(well, text % {"name": name}, "" if well else "minga init")


def _guarded(owner: psycopg.Connection) -> Finding:
    tables = owner.execute(
        "select relname, relrowsecurity from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    ).fetchall()
    bare = sorted(name for name, guarded in tables if not guarded and name not in WITHOUT_ROW_SECURITY)
    unknown = sorted(name for name, _guarded in tables if name not in SITE and name not in CLOSED_TO_SITE)
    if bare or unknown:
        text = _("Tables without row security or without declared rights: %(tables)s.")
        return Finding(False, text % {"tables": ", ".join([*bare, *unknown])}, "access/roles.py")
    return Finding(True, _("Every table with confidential rows is under row security (%(number)d tables).")
                   % {"number": len(tables)})  # fmt: skip


def _leakproof(owner: psycopg.Connection) -> Iterator[Finding]:
    """Indexes on row-secured tables are used only where the operator's function is leakproof: for administrators."""
    wanted = []
    for function in LEAKPROOF:
        name = function.split("(", maxsplit=1)[0]
        if not owner.execute("select bool_or(proleakproof) from pg_proc where proname = %s", [name]).fetchone()[0]:
            wanted.append(f"alter function {function} leakproof;")
    if wanted:
        yield Finding(True, _("Large registries search faster when the server's administrator runs:"),
                      " ".join(wanted))  # fmt: skip


def _migrations() -> Finding:
    from minga.operations.initialising import is_up_to_date, refuse_newer_database

    with working_as("owner"):
        try:
            refuse_newer_database()
            well = is_up_to_date()
        except InstallationProblem as problem:
            return Finding(False, str(problem))
    if well:
        return Finding(True, _("The database is of this version."))
    return Finding(False, _("The database is of an older version."), "minga init")


def _hidden() -> Finding:
    """Ask as a visitor for what no visitor may read."""
    with working_as("site"), acting(person=None):
        seen = Version.objects.exclude(is_public=True).count()
    if seen:
        return Finding(False, _("The site shows %(number)d versions that are not public!") % {"number": seen},
                       _("Stop the site and run: minga init"))  # fmt: skip
    return Finding(True, _("A visitor reads nothing that is not public."))


def _worker() -> Finding:
    """For information: a site without a worker is whole, but its jobs wait."""
    become("worker")
    with connection.cursor() as cursor:
        cursor.execute("select max(last_heartbeat) > now() - interval '1 minute' from procrastinate_workers")
        is_alive = cursor.fetchone()[0]
        cursor.execute(
            "select count(*) from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, now()) <= now()"
        )
        waiting = cursor.fetchone()[0]
    text = _("A worker is at work.") if is_alive else _("No worker is at work (minga up or minga work starts one).")
    return Finding(True, f"{text} " + _("Jobs that are due: %(number)d.") % {"number": waiting})


def _counts() -> Finding:
    become("worker")
    with acting_as_operator(act="operator.doctor"):
        found = counts.differences()
    if found:
        text = _("Kept counts differ from the records: %(values)s.")
        return Finding(False, text % {"values": ", ".join(found[:5])}, "minga doctor --repair")
    return Finding(True, _("The counts beside the filters agree with the records."))


def repair(database: Database, *, tell: Callable[[str], None]) -> None:
    """Mend what can be mended without asking: recount, and give the roles their rights anew."""
    from minga.access.roles import grant_everything

    with working_as("owner"):
        counts.recount()
        grant_everything(database)
    tell(_("The counts were made anew and the roles' rights were given again."))
