"""Makes what search looks in: wordings by the database, passages and their vectors by the worker, in batches.

What is to be done stands in `search_stale`, so it can be stopped and goes on where it was. A batch is a transaction:
what is embedded is never half there.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from minga.language.encoders import LONGEST, Encoder
from minga.registry.catalogue import fields_of
from minga.registry.models import Version
from minga.registry.queries import values_of
from minga.search import shipped
from minga.search.models import Passage, Stale
from minga.search.shipped import WithShipped

AT_ONCE = 16  # versions a batch
SHORTEST = 40  # characters; below, a passage says too little to answer anything
MOST_PASSAGES = 40  # of one version
MOST_TRIES = 5

log = structlog.get_logger(__name__)


class CannotEmbed(Exception):
    """The encoder failed at some versions."""

    def __init__(self, versions: list[int]):
        super().__init__(versions)
        self.versions = versions


@dataclass(frozen=True)
class Status:
    """How far embedding is."""

    listed: int  # versions that can be found
    embedded: int  # of them, with vectors of the encoder in use
    stale: int  # that wait


def status(encoder: str) -> Status:
    """How far it is, as the worker or an operator who sees all.

    Args:
        encoder: the name of the encoder in use.
    """
    listed = Version.objects.filter(is_listed=True).count()
    embedded = Passage.objects.filter(number=0, made_with=encoder).count()
    return Status(listed, embedded, Stale.objects.count())


def refresh(versions: Sequence[int]) -> None:
    """Make the wordings of some versions anew and mark their passages, at once. By ids."""
    with connection.cursor() as cursor:
        cursor.execute("select search_refresh(%s)", [list(versions)])


def refresh_marked() -> int:
    """Give versions that were listed as they were made (by an import) their wordings; returns for how many."""
    unworded = list(
        Stale.objects.filter(version__wordings=None, version__is_listed=True).values_list("version_id", flat=True)[
            :5000
        ]
    )
    if unworded:
        refresh(unworded)
    return len(unworded)


@transaction.atomic
def forget(record: int) -> None:
    """Throw away what search made of a record's texts, and make it anew from what they say now.

    Args:
        record: its id.
    """
    versions = list(Version.objects.filter(record_id=record).values_list("pk", flat=True))
    Passage.objects.filter(version__in=versions).delete()
    refresh(versions)


def embed(encoder: Encoder, *, turn: Callable[[], AbstractContextManager], told: Callable[[int], None]) -> int:
    """Embed all that waits, batch by batch.

    Args:
        encoder: in use.
        turn: makes the context of one transaction, in which all is seen.
        told: called after each batch with how many versions are left.

    Returns:
        how many versions were embedded.
    """
    encoder = WithShipped(encoder)
    with turn():
        mark_other_encoders(encoder)
    done, left = 0, 1
    while left:
        with turn():
            refresh_marked()
        try:
            with turn():
                done += embed_batch(encoder)
        except CannotEmbed as problem:  # tried again after all others, and in the end left to its words
            log.error("not_embedded", versions=problem.versions, reason=str(problem.__cause__)[:200])
            with turn():
                Stale.objects.filter(pk__in=problem.versions).update(tries=F("tries") + 1)
        with turn():
            left = Stale.objects.filter(tries__lt=MOST_TRIES).count()
        told(left)
    with turn():  # only now: until then search goes on with the vectors of the encoder before
        Passage.objects.exclude(made_with=encoder.name).delete()
    return done


def mark_other_encoders(encoder: Encoder) -> None:
    """Mark what has vectors of another encoder only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into search_stale (version_id, since) select v.id, %s from registry_version v where v.is_listed"
            " and not exists (select 1 from search_passage p where p.version_id = v.id and p.made_with = %s)"
            " on conflict (version_id) do nothing",
            [timezone.now(), encoder.name],
        )


def embed_batch(encoder: Encoder) -> int:
    """Embed the versions that wait longest, in the current transaction; returns how many."""
    waiting = list(
        Stale.objects.select_for_update(skip_locked=True)
        .filter(tries__lt=MOST_TRIES)
        .order_by("tries", "since", "pk")[:AT_ONCE]
    )
    versions = list(
        Version.objects.filter(pk__in=[each.pk for each in waiting], is_listed=True).prefetch_related("participations")
    )
    made = [passage for version in versions for passage in passages_of(version)]
    if made:
        try:
            vectors = encoder.passages([passage.text for passage in made])
        except Exception as problem:  # of whatever model: the rest must not wait for it
            raise CannotEmbed([version.pk for version in versions]) from problem
        for passage, vector in zip(made, vectors, strict=True):
            passage.made_with, passage.vector = encoder.name, vector
    Passage.objects.filter(version__in=versions, made_with=encoder.name).delete()
    Passage.objects.bulk_create(made)
    Stale.objects.filter(pk__in=[each.pk for each in waiting]).delete()
    return len(versions)


def passages_of(version: Version) -> Iterator[Passage]:
    """The passages of a version, without vectors: title and summary first, then its further texts in paragraphs."""
    values = values_of(version)
    whole = f"{version.title}\n{version.summary}".strip()
    texts = [("summary", whole[:LONGEST]), ("title", version.title)]
    for field in fields_of(version.kind):
        if not field.translatable or field.name in ("title", "place"):
            continue
        given = values.get(field.name)
        for text in given if isinstance(given, list) else [given]:
            texts += [(field.name, part) for part in _parts(text)]
    for number, (name, text) in enumerate(texts[:MOST_PASSAGES]):
        yield Passage(
            version=version,
            number=number,
            is_public=version.is_public,
            field=name,
            language=version.language,
            text=text,
        )


def _parts(text: str | None) -> Iterator[str]:
    """Paragraphs, and of long ones pieces that end with a sentence."""
    for paragraph in (text or "").split("\n"):
        rest = paragraph.strip()
        while len(rest) > LONGEST:
            cut = rest.rfind(". ", SHORTEST, LONGEST) + 1 or LONGEST
            yield rest[:cut].strip()
            rest = rest[cut:].strip()
        if len(rest) >= SHORTEST:
            yield rest


def ship(encoder: Encoder, file: Path) -> int:
    """Write the vectors of all public passages into a file; returns how many.

    Args:
        encoder: whose vectors.
        file: .npz.
    """
    known = dict(Passage.objects.filter(is_public=True, made_with=encoder.name).values_list("text", "vector"))
    shipped.write(file, encoder.name, {text: np.asarray(vector) for text, vector in known.items()})
    return len(known)
