"""What each database role may do with each table, in one list; granted after every migration and restore.

Row security decides about rows; grants decide about whole tables. A table that is not named here is closed to the
site, and a guard test fails for it.
"""

from django.db import ProgrammingError, connection, transaction

from minga.installation.database import MADE_ROLES, Database

READ = ("select",)
CHANGE = ("select", "insert", "update", "delete")
APPEND = ("insert",)

# table -> what the site may do; rows are narrowed by the policies
SITE: dict[str, tuple[str, ...]] = {
    "access_databaserole": READ,
    "accounts_person": READ,
    "actors_actor": READ,
    "actors_alias": READ,
    "actors_membership": READ,
    "actors_position": READ,
    "audit_entry": APPEND,
    "django_content_type": READ,
    "django_migrations": READ,
    "registry_count": READ,
    "registry_participation": READ,
    "registry_record": READ,
    "registry_transition": READ,
    "registry_translation": READ,
    "registry_version": READ,
    "vocabularies_concept": READ,
    "vocabularies_scheme": READ,
}
# tables that the site has no business with
CLOSED_TO_SITE = {
    "actors_grant",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}
# full text search and overlap of arrays
LEAKPROOF = ("ts_match_vq(tsvector, tsquery)", "arrayoverlap(anyarray, anyarray)")
# what the worker may not change: the trail is only appended to, counts are kept by a trigger
WORKER_EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "access_databaserole": READ,
    "audit_entry": ("select", "insert"),
    "django_migrations": READ,
    "registry_count": READ,
    "registry_transition": ("select", "insert"),
}


def grant_everything(database: Database) -> None:
    """Give each role what the lists above say, and nothing else. Safe to run again; as the owner.

    Args:
        database: whose role names to use.
    """
    names = {role: database.parameters(role)["user"] for role in MADE_ROLES}
    with connection.cursor() as cursor:
        cursor.execute("revoke all on all tables in schema public from public")
        cursor.execute("revoke create on schema public from public")
        cursor.execute("revoke all on all functions in schema public from public")
        cursor.execute(f"revoke all on database {connection.ops.quote_name(database.name)} from public")
        cursor.execute("delete from access_databaserole")
        for role, name in names.items():
            cursor.execute("insert into access_databaserole values (%s, %s)", [name, role])
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"revoke all on all tables in schema public from {quoted}")
            cursor.execute(f"grant connect on database {connection.ops.quote_name(database.name)} to {quoted}")
            cursor.execute(f"grant usage on schema public to {quoted}")
            _grant_functions(cursor, role, quoted)
            _grant_tables(cursor, role, quoted)


def make_operators_leakproof() -> bool:
    """Let indexes serve tables under row security: their operators' functions must be declared leakproof.

    Only a superuser may; the embedded server's owner is one. On another server `minga doctor` prints the statements for
    its administrator.

    Returns:
        whether it was allowed.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for function in LEAKPROOF:
                cursor.execute(f"alter function {function} leakproof")
    except ProgrammingError:
        return False
    return True


def _grant_tables(cursor, role: str, quoted: str) -> None:
    cursor.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    )
    tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        rights = _rights(role, table)
        if rights:
            cursor.execute(f"grant {', '.join(rights)} on {connection.ops.quote_name(table)} to {quoted}")
    if role == "worker":
        cursor.execute(f"grant usage, select on all sequences in schema public to {quoted}")
    elif role == "site":
        cursor.execute(f"grant usage on sequence audit_entry_id_seq to {quoted}")
    else:
        cursor.execute(f"grant select on all sequences in schema public to {quoted}")


def _grant_functions(cursor, role: str, quoted: str) -> None:
    """The queue's functions are the worker's alone; what changes counts runs in triggers only."""
    cursor.execute(
        "select p.oid::regprocedure::text, p.proname from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'"
    )
    for signature, name in cursor.fetchall():
        if _may_call(role, name):
            cursor.execute(f"grant execute on function {signature} to {quoted}")


def _may_call(role: str, function: str) -> bool:
    """The site may put a job into the queue (operations/migrations) and nothing else there."""
    if function.startswith("registry_count_"):
        return False
    if function.startswith("procrastinate_"):
        return role == "worker" or (role == "site" and function.startswith("procrastinate_defer_jobs_"))
    return True


def _rights(role: str, table: str) -> tuple[str, ...]:
    if role == "backup":
        return READ
    if role == "worker":
        return WORKER_EXCEPTIONS.get(table, CHANGE)
    return SITE.get(table, ())
