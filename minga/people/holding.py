"""All that the installation holds about a person, for herself to take away."""

from typing import Any

from django.db import connection

from minga.accounts.models import Profile
from minga.people.listing import as_dict, everybody

# What a person did and keeps, by the column that names her: read through her own rights.
_DEEDS = {
    "steps": "select t.name, t.at, r.public_id, t.reason from registry_transition t join registry_version v on"
    " v.id = t.version_id join registry_record r on r.id = v.record_id where t.by_person = %s order by t.at",
    "sheets": "select s.taken_at, s.filed_at, s.outcome, s.remark from moderation_sheet s where s.person = %s"
    " order by s.taken_at",
    "edits": "select e.at, r.public_id, e.field from registry_edit e join registry_version v on v.id = e.version_id"
    " join registry_record r on r.id = v.record_id where e.person = %s order by e.at",
    "duplicates": "select verdict, reason, at from duplicates_decision where by_person = %s order by at",
    "invitations": "select title, note, at from duplicates_invitation where by_person = %s order by at",
    "merges": "select state, reason, proposed_at from duplicates_merge where proposed_by = %s order by proposed_at",
    "consents": "select agreed, reason, at from duplicates_consent where by_person = %s order by at",
    "codings": "select d.at, r.public_id, d.kind, d.code, d.what from classification_decision d join registry_version v"
    " on v.id = d.version_id join registry_record r on r.id = v.record_id where d.person = %s order by d.at",
    "searches": "select name, query, rhythm, saved_at, seen_at from following_savedsearch where person = %s"
    " order by saved_at",
}


def about(person: int) -> dict[str, Any]:
    """A person's data: her profile, roles, and what she did.

    Args:
        person: her id; the database must know her in this transaction.
    """
    me: Profile = everybody().get(pk=person)
    held: dict[str, Any] = as_dict(me) | {"digest": me.digest, "created_at": me.created_at.isoformat()}
    with connection.cursor() as cursor:
        for name, question in _DEEDS.items():
            cursor.execute(question, [person])
            columns = [column.name for column in cursor.description]
            held[name] = [
                {column: value if value is None or isinstance(value, str) else str(value)
                 for column, value in zip(columns, row, strict=True)}
                for row in cursor.fetchall()
            ]  # fmt: skip
    return held
