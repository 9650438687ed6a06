"""What each database role may do with each table, in one list; granted after every migration and restore.

Row security decides about rows; grants decide about whole tables. A table that is not named here is closed to the
site, and a guard test fails for it.
"""

from django.db import ProgrammingError, connection, transaction

from minga.installation.database import MADE_ROLES, Database

READ = ("select",)
CHANGE = ("select", "insert", "update", "delete")

# table -> what the site may do; rows are narrowed by the policies
SITE: dict[str, tuple[str, ...]] = {
    "access_databaserole": READ,
    "accounts_invitation": ("select", "insert", "update"),
    "accounts_person": (
        "select (id, email, name, language, is_active, is_demonstration, digest, disabled_at, erased_at, created_at)",
        "insert (email, name, language, is_active, is_demonstration, digest, disabled_at, erased_at, created_at)",
        "update (name, language, digest)",
    ),
    "actors_actor": ("select", "insert"),
    "actors_alias": ("select", "insert"),
    "actors_grant": ("select", "insert", "update (until)"),
    "actors_membership": READ,
    "actors_position": READ,
    "audit_entry": ("select", "insert"),
    "classification_decision": ("select", "insert"),
    "classification_keptmodel": READ,
    "classification_use": ("select", "insert"),
    "django_content_type": READ,
    "django_migrations": READ,
    "duplicates_consent": READ,  # duplicates_answer writes
    "duplicates_decision": ("select", "insert"),
    "duplicates_invitation": ("select", "insert"),  # duplicates_see_invitation marks
    "duplicates_link": READ,
    "duplicates_merge": ("select", "insert"),
    "duplicates_pair": READ,
    "files_attachment": CHANGE,
    "files_content": ("select", "insert"),
    "files_piece": ("select", "insert"),
    "following_savedsearch": (
        "select",
        "insert",
        "update (name, rhythm, seen_at, seen, told_at, told)",
        "delete",
    ),
    "moderation_conflict": READ,
    "moderation_expertise": ("select", "insert", "update"),
    "moderation_sheet": READ,
    "notifications_mail": ("select", "insert", "update (attempts, again_at)"),
    "notifications_mailed": READ,
    # Never the digests: who may read what was redacted may read when and why.
    "redaction_redaction": (
        "select (id, record_id, words, reason, asked_at, asked_by, applied_at, places)",
        "insert (record_id, words, salt, digest, reason, asked_at, asked_by, places)",
    ),
    "registry_claim": READ,  # registry_claim_record and registry_answer_claim write
    "registry_count": READ,
    "registry_edit": ("select", "insert"),
    "registry_participation": CHANGE,
    "registry_reader": READ,
    "registry_record": ("select", "insert"),
    "registry_rules": ("select", "update (moderators_needed, names_shown, endorse_days, moderate_days, publish_days)"),
    "registry_transition": ("select", "insert"),
    "registry_translation": CHANGE,
    # Never the state (registry_move changes it), nor what says whose version it is.
    "registry_version": (
        "select",
        "insert",
        "update (visibility, process_id, audience, language, title, summary, details, places, region, is_of_region,"
        " objectives, principles, concepts, populations, level, progress, starts, ends, year, source_url, fingerprint,"
        " changed_at, unread)",
    ),
    "search_passage": READ,
    "search_vectorset": READ,
    "search_word": READ,
    "search_wording": READ,
    "search_wordvector": READ,
    "vocabularies_concept": READ,
    "vocabularies_scheme": READ,
}
# What sign-in has to do with, and nothing else (accounts/routing.py).
SIGNIN: dict[str, tuple[str, ...]] = {
    "access_databaserole": READ,
    "account_emailaddress": CHANGE,
    "account_emailconfirmation": CHANGE,
    "accounts_attempt": CHANGE,
    "accounts_invitation": ("select", "update (used_at)"),
    "accounts_person": ("select", "update (password, last_login, name, language, is_active)"),
    "django_content_type": READ,
    "django_session": CHANGE,
    "mfa_authenticator": CHANGE,
    "socialaccount_socialaccount": CHANGE,
    "socialaccount_socialapp": READ,
    "socialaccount_socialtoken": CHANGE,
    "usersessions_usersession": CHANGE,
}
# What belongs to sign-in alone, the worker excluded.
SECRETS = {"account_emailaddress", "account_emailconfirmation", "accounts_attempt", "django_session",
           "mfa_authenticator", "socialaccount_socialaccount", "socialaccount_socialapp",
           "socialaccount_socialtoken", "usersessions_usersession"}  # fmt: skip
# tables that the site has no business with
CLOSED_TO_SITE = {
    *SECRETS,
    "duplicates_compared",
    "redaction_store",
    "registry_step",
    "search_stale",
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
    "redaction_store": READ,
    "registry_step": READ,
    "registry_transition": ("select", "insert"),
}
# What only other functions call, once they have asked who it is.
INTERNAL = (
    "registry_count_", "registry_take_step", "registry_tell_named_countries", "registry_relations",
    "moderation_wanted", "moderation_is_impartial", "moderation_may_take", "duplicates_make_link",
    "duplicates_may_answer", "duplicates_may_end", "duplicates_owner_reads", "duplicates_has_people",
)  # fmt: skip


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
    elif role in ("site", "signin"):
        for sequence in _sequences(cursor, SITE if role == "site" else SIGNIN):
            cursor.execute(f"grant usage on sequence {connection.ops.quote_name(sequence)} to {quoted}")
    else:
        cursor.execute(f"grant select on all sequences in schema public to {quoted}")


def _sequences(cursor, tables: dict[str, tuple[str, ...]]) -> list[str]:
    """The sequences of those tables that the role may insert into."""
    filled = [table for table, rights in tables.items() if any(right.startswith("insert") for right in rights)]
    cursor.execute(
        "select s.relname from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i')"
        " join pg_class t on t.oid = d.refobjid where s.relkind = 'S' and t.relname = any (%s)",
        [filled],
    )
    return [name for (name,) in cursor.fetchall()]


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
    if function.startswith(INTERNAL):
        return False
    if role == "signin":
        return function.startswith("minga_")
    if function.startswith("procrastinate_"):
        return role == "worker" or (role == "site" and function.startswith("procrastinate_defer_jobs_"))
    return True


def _rights(role: str, table: str) -> tuple[str, ...]:
    if role == "backup":
        return READ
    if role == "worker":
        return () if table in SECRETS else WORKER_EXCEPTIONS.get(table, CHANGE)
    if role == "signin":
        return SIGNIN.get(table, ())
    return SITE.get(table, ())
