"""Writing to the audit trail."""

import json

from django.db import connection


def note(
    act: str,
    *,
    subject: str = "",
    by_person: int | None = None,
    by_operator: str = "",
    owner_actor: int | None = None,
    reason: str = "",
    **details,
) -> None:
    """Append an entry in the current transaction.

    Args:
        act: area and verb, such as "record.published".
        subject: kind and public id of what it was done to.
        by_person: the person's id, when one acted.
        by_operator: the machine's user, when a command acted.
        owner_actor: the id of the actor that owns the subject.
        reason: in the words of whoever acted.
        details: what else a later reader needs; never the text of a record.
    """
    # Plain SQL, since Django's insert reads the new id back: whoever appends need not be allowed to read.
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_entry (at, act, subject, by_person, by_operator, owner_actor, reason, details)"
            " values (statement_timestamp(), %s, %s, %s, %s, %s, %s, %s)",
            [act, subject, by_person, by_operator, owner_actor, reason, json.dumps(details)],
        )
