"""Makes what search looks in: wordings by the database, passages and their vectors by the worker, in batches.

What is to be done stands in `search_stale`, a mark for each version and encoder, so it can be stopped and goes on where
it was. A batch is a transaction: what is embedded is never half there. A service that does not answer stops its own set
alone, and is caught up with later.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from minga.language.encoders import LONGEST, Encoder
from minga.language.endpoint import ServiceDown, ServiceWrong, TextRefused
from minga.registry.catalogue import fields_of
from minga.registry.models import Version
from minga.registry.queries import values_of
from minga.search import shipped
from minga.search.models import Passage, Stale, VectorSet
from minga.search.sets import ALL, Making, Plan

AT_ONCE = 16  # versions a batch: some hundred passages, which a service is asked for in several questions at once
SHORTEST = 40  # characters; below, a passage says too little to answer anything
MOST_PASSAGES = 40  # of one version
MOST_TRIES = 5
HARMLESS = "minga"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Status:
    """How far the vectors of one encoder are."""

    name: str
    listed: int  # versions that it may be given
    embedded: int  # of them, with vectors
    waiting: int  # that are to be made or made anew
    given_up: int  # at which the encoder failed several times: found by their words
    is_complete: bool  # search may use it


def status(plan: Plan) -> list[Status]:
    """How far it is, as the worker or an operator who sees all: the sets that are made, then those that go.

    Args:
        plan: what the settings ask for.
    """
    complete = dict(VectorSet.objects.values_list("name", "complete_at"))
    visibilities = {each.encoder.name: each.visibilities for each in plan.makings}
    return [_status_of(name, visibilities.get(name), complete.get(name) is not None)
            for name in [*plan.names, *(name for name in complete if name not in visibilities)]]  # fmt: skip


def _status_of(name: str, visibilities: frozenset[str] | None, is_complete: bool) -> Status:
    listed = Version.objects.filter(is_listed=True, visibility__in=ALL if visibilities is None else visibilities)
    marks = Stale.objects.filter(made_with=name)
    given_up = marks.filter(tries__gte=MOST_TRIES).count()
    return Status(
        name, listed.count(), Passage.objects.filter(number=0, made_with=name).count(), marks.count() - given_up, given_up,
        is_complete,
    )  # fmt: skip


def is_there_work(plan: Plan) -> bool:
    """Whether anything is to be embedded, completed or thrown away. As the worker who sees all.

    Args:
        plan: what the settings ask for.
    """
    if Stale.objects.filter(made_with__in=["", *plan.names], tries__lt=MOST_TRIES).exists():
        return True
    known = {each.name: each for each in VectorSet.objects.defer("axes")}
    for making in plan.makings:
        of_set = known.get(making.encoder.name)
        if not of_set or not of_set.complete_at or set(of_set.visibilities) != making.visibilities:
            return True
    return plan.wanted is not None and known.keys() != plan.wanted


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


def embed(plan: Plan, *, turn: Callable[[], AbstractContextManager], told: Callable[[int], None]) -> int:
    """Embed all that waits, set by set and batch by batch; then throw away what is no longer wanted.

    Args:
        plan: what the settings ask for.
        turn: makes the context of one transaction, in which all is seen.
        told: called after each batch with how many versions are left.

    Returns:
        how many versions were embedded.
    """
    with turn():
        for making in plan.makings:
            _begin(making)
        refresh_marked()
        mark_missing(plan.makings)
    done = sum(_embed_set(making, plan.names, turn, told) for making in plan.makings)
    with turn():
        _throw_away(plan)
    return done


def _begin(making: Making) -> None:
    """Know the set, with an index for its vectors."""
    name = making.encoder.name
    known, _is_new = VectorSet.objects.get_or_create(
        name=name, defaults={"size": making.encoder.size, "begun_at": timezone.now()}
    )
    if set(known.visibilities) != making.visibilities:
        if making.visibilities - set(known.visibilities):  # more than is in it: not whole until that is there
            known.complete_at = None
        known.visibilities = sorted(making.visibilities)
        known.save(update_fields=["visibilities", "complete_at"])
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(search_index_name(%s)) is null", [name])
        if cursor.fetchone()[0]:
            cursor.execute("select search_make_index(%s)", [name])


def _embed_set(making: Making, names: list[str], turn: Callable[[], AbstractContextManager], told) -> int:
    encoder, done, left = making.encoder, 0, 1
    while left:
        with turn():
            refresh_marked()
            share_out(names)
        try:
            with turn():
                done += embed_batch(encoder, making.visibilities)
        except (ServiceDown, ServiceWrong) as problem:  # no text's fault
            log.warning("embeddings_service_fails", encoder=encoder.name, reason=str(problem))
            return done
        with turn():
            left = Stale.objects.filter(made_with=encoder.name, tries__lt=MOST_TRIES).count()
            told(Stale.objects.filter(made_with__in=names, tries__lt=MOST_TRIES).count())
    with turn():
        VectorSet.objects.filter(name=encoder.name, complete_at=None).update(complete_at=timezone.now())
    return done


def _throw_away(plan: Plan) -> None:
    """Only once all that is wanted is there: until then search goes on with what was there before."""
    if plan.wanted is None or VectorSet.objects.filter(name__in=plan.wanted).exclude(complete_at=None).count() < len(
        plan.wanted
    ):
        return
    Passage.objects.exclude(made_with__in=plan.wanted).delete()
    Stale.objects.exclude(made_with__in=["", *plan.wanted]).delete()
    for name in VectorSet.objects.exclude(name__in=plan.wanted).values_list("name", flat=True):
        with connection.cursor() as cursor:
            cursor.execute("select search_drop_index(%s)", [name])
        VectorSet.objects.filter(name=name).delete()


def mark_other_encoders(encoder: Encoder) -> None:
    """Mark what has vectors of other encoders only, for one that is given all listed versions."""
    mark_missing([Making(encoder)])


def mark_missing(makings: Iterable[Making]) -> None:
    """Mark for each encoder what it has no vectors of; forget what it made of versions that it may not be given now."""
    makings = list(makings)
    share_out([each.encoder.name for each in makings])
    with connection.cursor() as cursor:
        for making in makings:
            given = {"name": making.encoder.name, "now": timezone.now(), "may": sorted(making.visibilities)}
            cursor.execute(
                "delete from search_passage p using registry_version v where v.id = p.version_id"
                " and p.made_with = %(name)s and v.visibility <> all (%(may)s)", given,
            )  # fmt: skip
            cursor.execute(
                "insert into search_stale (version_id, made_with, since) select v.id, %(name)s, %(now)s"
                " from registry_version v where v.is_listed and v.visibility = any (%(may)s)"
                " and not exists (select 1 from search_passage p where p.version_id = v.id and p.made_with = %(name)s)"
                " on conflict (version_id, made_with) do nothing", given,
            )  # fmt: skip


def share_out(names: list[str]) -> None:
    """What triggers marked is to be made anew by each encoder.

    Args:
        names: of the encoders.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "with marked as (delete from search_stale where made_with = '' returning version_id, since)"
            " insert into search_stale (version_id, made_with, since)"
            " select m.version_id, n, m.since from marked m cross join unnest(%s::text[]) n"
            " on conflict (version_id, made_with) do update set since = excluded.since, tries = 0",
            [names],
        )


def embed_batch(encoder: Encoder, visibilities: frozenset[str] = ALL) -> int:
    """Embed the versions that wait longest, in the current transaction; returns how many.

    Args:
        encoder: that makes the vectors.
        visibilities: of the versions that it may be given; others are only taken off its list.

    Raises:
        ServiceDown, ServiceWrong: the encoder is a service that fails whatever it is given.
    """
    waiting = list(
        Stale.objects.select_for_update(skip_locked=True)
        .filter(made_with=encoder.name, tries__lt=MOST_TRIES)
        .order_by("tries", "since", "pk")[:AT_ONCE]
    )
    versions = list(
        Version.objects.filter(pk__in=[each.version_id for each in waiting], is_listed=True, visibility__in=visibilities)
        .prefetch_related("participations")
    )  # fmt: skip
    made, failed = _made(encoder, {version.pk: list(passages_of(version)) for version in versions})
    Passage.objects.filter(version__in=[each.version_id for each in waiting], made_with=encoder.name).delete()
    Passage.objects.bulk_create(made)
    Stale.objects.filter(pk__in=[each.pk for each in waiting]).exclude(version__in=failed).delete()
    Stale.objects.filter(version__in=failed, made_with=encoder.name).update(tries=F("tries") + 1)
    return len(versions) - len(failed)


def _made(encoder: Encoder, passages: dict[int, list[Passage]]) -> tuple[list[Passage], list[int]]:
    """The passages with their vectors, and the versions at which the encoder failed: the others do not wait for these."""
    together = [each for of_version in passages.values() for each in of_version]
    try:
        return _with_vectors(encoder, together), []
    except (ServiceDown, ServiceWrong):
        raise
    except Exception as problem:  # of whatever model
        reason = problem
    made: list[Passage] = []
    failed: list[int] = []
    for version, of_version in passages.items():
        try:
            made += _with_vectors(encoder, of_version)
        except (ServiceDown, ServiceWrong):
            raise
        except Exception as problem:
            failed.append(version)
            reason = problem
    if isinstance(reason, TextRefused) and len(failed) == len(passages):
        _require_that_any_text_will_do(encoder)
    if failed:  # the reason's own words may hold the text
        log.error("not_embedded", versions=failed, encoder=encoder.name, reason=type(reason).__name__)
    return made, failed


def _require_that_any_text_will_do(encoder: Encoder) -> None:
    """Tell a text that cannot be embedded from a service that embeds nothing: the second is no text's fault."""
    try:
        encoder.passages([HARMLESS])
    except TextRefused as problem:
        raise ServiceWrong(str(problem)) from problem


def _with_vectors(encoder: Encoder, passages: list[Passage]) -> list[Passage]:
    if passages:
        vectors = encoder.passages([each.text for each in passages])
        for passage, vector in zip(passages, vectors, strict=True):
            passage.made_with, passage.vector = encoder.name, vector
    return passages


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
