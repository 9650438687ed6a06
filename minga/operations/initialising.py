"""Makes an installation, or brings it to this version: roles, tables, vocabularies, actors, bundled records.

Running it again is safe and fast; it is also how an installation is upgraded.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from minga import registry
from minga.access.process import become, working_as
from minga.access.roles import grant_everything, make_operators_leakproof
from minga.access.rowsecurity import acting_as_operator, operator_name, seeing_all
from minga.actors import loading as actors
from minga.audit.by import By
from minga.exchange.importing import Importer
from minga.exchange.jsonlines import read_lines
from minga.installation.database import Database
from minga.installation.problems import InstallationProblem
from minga.redaction import declaring
from minga.registry import rules, steps
from minga.vocabularies import loading as vocabularies

BUNDLED = Path(registry.__file__).parent / "data"
Step = Callable[[str, int, int], None]  # what is being done, how many of how many


def initialise(database: Database, *, bundled: bool, step: Step = lambda text, done, total: None) -> None:
    """Make or upgrade the installation behind an open database.

    Args:
        database: in use already.
        bundled: also load the real records that come with the package.
        step: told what is going on.

    Raises:
        InstallationProblem: the database was made by a newer version.
    """
    step("roles", 0, 1)
    database.ensure()
    with working_as("owner"):
        refuse_newer_database()
        step("tables", 0, 1)
        call_command("migrate", interactive=False, verbosity=0)
        declare_rights(database)
    become("worker")
    with acting_as_operator(act="operator.init", bundled=bundled):
        step("vocabularies", 0, 1)
        vocabularies.load_all()
        step("actors", 0, 1)
        actors.load_all()
        rules.ensure_default()
    if bundled:
        load_bundled(step)


def declare_rights(database: Database) -> None:
    """Write into the database what is declared in code: the lifecycle, and what each role may do. As the owner."""
    steps.declare()
    declaring.declare()
    grant_everything(database)
    make_operators_leakproof()


def load_bundled(step: Step) -> None:
    """Load the bundled real records, as published from their public sources."""
    files = sorted(BUNDLED.glob("*.jsonl"))
    total = sum(file.read_bytes().count(b"\n") for file in files)
    done = 0
    for file in files:
        importer = Importer(
            by=By(operator=operator_name()), at=datetime.now(UTC), turn=seeing_all, publish=True,
        )  # fmt: skip
        with file.open("rb") as stream:
            report = importer.run(read_lines(stream), lambda rows, before=done: step("records", before + rows, total))
        if report.refused:
            raise InstallationProblem(f"{file.name}: {report.problems[0]['message']} (row {report.problems[0]['row']})")
        done += report.rows


def refuse_newer_database() -> None:
    """Stop when the database has migrations that this version does not know.

    Raises:
        InstallationProblem: naming one of them.
    """
    executor = MigrationExecutor(connection)
    ours = {label for label, _module in executor.loader.disk_migrations}
    unknown = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if (app, name) not in executor.loader.disk_migrations and app in ours
    ]
    if unknown:
        raise InstallationProblem(
            f"The database was made by a newer version of Minga (it has {sorted(unknown)[-1]}). "
            "Use that version, or restore a backup of this one. Nothing was changed."
        )


def is_up_to_date() -> bool:
    """Whether all migrations of this version are applied (asked as any role that may read their table)."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
