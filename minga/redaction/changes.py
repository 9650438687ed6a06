"""Takes a passage or a file out of everything that is kept of a record, for good.

Asked for by an administrator, done by the worker. The passage itself is kept nowhere: what is kept finds it again, in
an older backup or in a file that is imported once more.
"""

import json
import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.audit.by import By
from minga.classification import using as models
from minga.installation.home import Home
from minga.redaction import outside, words
from minga.redaction.models import Redaction
from minga.redaction.stores import STORES, Store
from minga.registry.drafts import content_of
from minga.registry.models import Record, Version
from minga.search import indexing, wordlist

LEAST_SIGNS = 3
MOST_WORDS = 500


class CannotRedact(Exception):
    """What was asked for cannot be done; the message says what to mend."""


def ask(record: int, *, passage: str = "", sha256: str = "", reason: str, by: By, at: datetime) -> Redaction:
    """Note what is to be taken out; `apply` does it.

    Args:
        record: the id of the record.
        passage: as it stands in the text; case, accents and punctuation do not matter.
        sha256: of a file, instead of a passage.
        reason: shown at the record; it must not repeat what it takes out.
        by: who asks.
        at: when.

    Raises:
        CannotRedact: there is no reason, the reason holds the passage, or the passage is too short or too long.
    """
    found = words.words_of(passage)
    if not reason.strip():
        raise CannotRedact(_("Give a reason: it is shown at the record."))
    if not sha256 and (len("".join(found)) < LEAST_SIGNS or len(found) > MOST_WORDS):
        raise CannotRedact(_("Give the passage as it stands in the text: between three letters and 500 words."))
    salt, key = secrets.token_hex(16), key_of_installation()
    digest = sha256 or words.digest_of(found, key=key, salt=salt)
    if not sha256 and words.without(reason, number=len(found), digest=digest, key=key, salt=salt, mark="")[1]:
        raise CannotRedact(_("The reason repeats the passage. Say why without it."))
    with connection.cursor() as cursor:  # plain SQL: whoever asks need not be allowed to read the digests
        cursor.execute(
            "insert into redaction_redaction (record_id, words, salt, digest, reason, asked_at, asked_by, places)"
            " values (%s, %s, %s, %s, %s, %s, %s, 0) returning id",
            [record, 0 if sha256 else len(found), salt, digest, reason.strip(), at, by.person],
        )
        number = cursor.fetchone()[0]
    return Redaction(pk=number, record_id=record, words=len(found), reason=reason.strip(), asked_at=at)


@transaction.atomic
def apply(redaction: Redaction) -> int:
    """Take it out of every store. As the worker, seeing all; doing it again finds nothing more.

    Args:
        redaction: what; written outside the database before this is kept, so that a restored backup knows it.

    Returns:
        in how many places it was found.
    """
    record = Record.objects.get(pk=redaction.record_id)
    if redaction.applied_at is None:
        outside.note(Home.of_environment(), redaction, record.public_id)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('minga.redacts', 'on', true)")
        if redaction.words:
            how = _how_to_find(redaction)
            places = sum(_in_store(cursor, store, record, how) for store in STORES)
            _renew_fingerprints(cursor, record)
        else:
            cursor.execute("select redaction_remove_file(%s, %s)", [record.pk, redaction.digest])
            places = cursor.fetchone()[0]
        cursor.execute("select set_config('minga.redacts', 'off', true)")
    indexing.forget(record.pk)
    if redaction.applied_at is not None and not places:
        return 0
    wordlist.forget_vanished()
    models.forget_what_learnt_from(record.pk)
    Redaction.objects.filter(pk=redaction.pk).update(applied_at=timezone.now(), places=redaction.places + places)
    audit.note(
        "record.redacted", subject=f"record:{record.public_id}", by_person=redaction.asked_by,
        by_operator="" if redaction.asked_by else "worker", owner_actor=record.owner_id, reason=redaction.reason,
        places=places,
    )  # fmt: skip
    return places


def mark_of(redaction: Redaction) -> str:
    """What stands in the passage's place; when, and at the record's page why."""
    return f"[█ {timezone.localdate(redaction.asked_at).isoformat()}]"


def key_of_installation() -> str:
    """The secret that digests are made with; it is not in the database."""
    return Home.of_environment().secret("redaction")


def _how_to_find(redaction: Redaction) -> dict[str, Any]:
    """What `words.without` needs to know."""
    return {"number": redaction.words, "digest": redaction.digest, "key": key_of_installation(),
            "salt": redaction.salt, "mark": mark_of(redaction)}  # fmt: skip


def _in_store(cursor, store: Store, record: Record, how: dict[str, Any]) -> int:
    """Take the passage out of one table; returns in how many places."""
    given = {"record": record.pk, "public_id": record.public_id}
    columns = [column for column in store.columns if column != "fingerprint"]
    listed = ", ".join(f"to_jsonb({column})" for column in columns)
    cursor.execute(f"select id, {listed} from {store.table} where {store.where}", given)
    places = 0
    for which, *values in cursor.fetchall():
        for column, raw in zip(columns, values, strict=True):
            value = _loaded(raw)
            cleaned, found = words.in_value(value, **how)
            if found:
                places += found
                cursor.execute("select redaction_write(%s, %s, %s, %s)", [store.table, which, column, _dumped(cleaned)])
    return places


def _renew_fingerprints(cursor, record: Record) -> None:
    """A digest of the old text would confirm a guess, and an import would take the new one for a change."""
    for version in Version.objects.filter(record=record).prefetch_related("translations", "participations"):
        fingerprint = content_of(version).fingerprint
        if fingerprint != version.fingerprint:
            cursor.execute(
                "select redaction_write('registry_version', %s, 'fingerprint', %s)", [version.pk, _dumped(fingerprint)]
            )


def _loaded(raw):
    return json.loads(raw) if isinstance(raw, str) else raw


def _dumped(value) -> str:
    return json.dumps(value, ensure_ascii=False)
