"""Every place where a record's text is kept, and how to find it there. A guard test fails for one that is not here.

Whoever adds a table with text of records (imports, passages, vectors) adds it to `STORES`; whoever adds a table with
other text says so in `NO_RECORD_TEXT`, with the reason.
"""

from dataclasses import dataclass

VERSIONS = "select id from registry_version where record_id = %(record)s"
# Actors that were proposed under a name which a version of the record gives.
PROPOSED = (
    "select a.id from actors_actor a where a.standing = 'proposed' and exists (select 1 from registry_participation p"
    f" where p.actor_id = a.id and p.version_id in ({VERSIONS}))"
)


@dataclass(frozen=True)
class Store:
    """Columns of a table that hold text of records."""

    table: str
    columns: tuple[str, ...]
    where: str  # SQL condition: the rows of the record %(record)s, whose public id is %(public_id)s


STORES = (
    Store("registry_version", ("title", "summary", "details", "unread", "source_url", "fingerprint"),
          "record_id = %(record)s"),
    Store("registry_translation", ("title", "summary", "details"), f"version_id in ({VERSIONS})"),
    Store("registry_participation", ("name_as_given",), f"version_id in ({VERSIONS})"),
    Store("registry_transition", ("reason",), f"version_id in ({VERSIONS})"),
    Store("registry_edit", ("value",), f"version_id in ({VERSIONS})"),
    Store("registry_claim", ("note", "reason"), "record_id = %(record)s"),
    Store("registry_record", ("withdrawal_reason", "external_id"), "id = %(record)s"),
    Store("files_attachment", ("name", "description"), f"version_id in ({VERSIONS})"),
    Store("moderation_sheet", ("marks", "remark"), f"version_id in ({VERSIONS})"),
    Store("moderation_conflict", ("what",), "record_id = %(record)s"),
    Store("duplicates_decision", ("reason",), "%(record)s in (low_id, high_id)"),
    Store("duplicates_invitation", ("title", "note"), "%(record)s in (record_id, about_id)"),
    Store("duplicates_merge", ("reason", "end_reason"), "%(record)s in (kept_id, merged_id)"),
    Store("duplicates_consent", ("reason",),
          "merge_id in (select id from duplicates_merge where %(record)s in (kept_id, merged_id))"),
    Store("audit_entry", ("reason", "details"), "subject = 'record:' || %(public_id)s"),
    Store("actors_actor", ("names", "long_names", "acronyms", "note"), f"id in ({PROPOSED})"),
    Store("notifications_mail", ("subject", "body"), "position('/r/' || %(public_id)s || '/' in body) > 0"),
    Store("actors_alias", ("text", "key", "note"), f"actor_id in ({PROPOSED})"),
)  # fmt: skip

# Tables that are made from the text of versions: thrown away and made anew after each redaction (search/indexing.forget).
DERIVED: dict[str, str] = {
    "classification_keptmodel": "models with vectors of what they learnt from: those that learnt from the record go",
    "search_passage": "passages and their vectors", "search_wording": "full text of wordings",
    "search_wordvector": "vectors of the words of public wordings: they go with the words",
    "search_word": "words of public wordings: those that stand in none any more go with the redaction (search/wordlist)",
}  # fmt: skip

# Tables whose texts come from no record, and why.
NO_RECORD_TEXT: dict[str, str] = {
    "access_databaserole": "names of database roles",
    "account_emailaddress": "people's addresses: erased with the person",
    "account_emailconfirmation": "keys of confirmations",
    "accounts_attempt": "counters of failed attempts",
    "accounts_invitation": "hashes of links",
    "accounts_person": "people's names and addresses: erased with the person",
    "actors_grant": "roles",
    "actors_membership": "from the bundled lists of actors",
    "actors_position": "from the bundled lists of actors",
    "auth_group": "not used", "auth_group_permissions": "not used", "auth_permission": "names of permissions",
    "classification_decision": "codes of labels; whose they are says the version",
    "classification_use": "names of models and times",
    "django_content_type": "names of models", "django_migrations": "names of migrations",
    "django_session": "keys and times; a form that came too late is kept in the page, not here",
    "following_savedsearch": "what a person searches for, in her own words: read by her alone, erased with her",
    "duplicates_compared": "times", "duplicates_link": "which record leads to which, since when",
    "duplicates_pair": "numbers and codes",
    "files_content": "hashes and sizes", "files_piece": "bytes of files: taken out by file",
    "mfa_authenticator": "second factors, encrypted",
    "moderation_expertise": "codes of languages",
    "notifications_mailed": "times",
    "procrastinate_events": "names of events", "procrastinate_jobs": "ids of what a job is about",
    "procrastinate_periodic_defers": "names of jobs", "procrastinate_workers": "times",
    "redaction_redaction": "digests; the reason is the administrator's own and shown to readers",
    "redaction_store": "names of tables and columns",
    "registry_count": "counts", "registry_reader": "codes", "registry_rules": "numbers",
    "search_stale": "codes and times",
    "search_vectorset": "names of encoders and what their axes were computed from: public texts, as numbers",
    "registry_step": "the declared lifecycle",
    "socialaccount_socialaccount": "what an OpenID Connect provider says of a person: erased with the person",
    "socialaccount_socialapp": "not used: providers are settings", "socialaccount_socialtoken": "tokens of providers",
    "usersessions_usersession": "addresses and browsers of sessions: erased with the person",
    "vocabularies_concept": "vocabularies", "vocabularies_scheme": "vocabularies",
}  # fmt: skip
