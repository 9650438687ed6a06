"""The queue of suspected duplicates: filled by a pass over listed versions that goes on where it was, read best first.

A version is looked at once, when it is listed and has its vectors: its neighbours are scored (`comparing.pairs`), never
all pairs. A batch is a transaction, so the pass can be stopped; what is new costs what is new.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from minga.access.rowsecurity import seeing_all
from minga.duplicates import comparing
from minga.duplicates.deciding import changed_much
from minga.duplicates.facts import Facts
from minga.duplicates.model import made_with
from minga.duplicates.models import Compared, Decision, Pair
from minga.registry.models import Version, Visibility

AT_ONCE = 1_000  # versions a batch
LEAST = 0.2  # below, nobody is asked; whoever writes a record is warned by the hint's own limit
SURE = 0.99  # of two in the same words
MOST_OF_ONE = 10  # pairs that one version brings in

Key = tuple[int, int]  # ids of two records, the lower first

_NEXT = """
    select v.id, v.record_id from registry_version v
    where v.is_listed and v.id > %s
    and not exists (select 1 from duplicates_compared c where c.version_id = v.id)
    and exists (select 1 from search_passage p where p.version_id = v.id and p.number = 0 and p.made_with = %s)
    order by v.id limit %s
"""
_LEFT = """
    select count(*) from registry_version v
    where v.is_listed and not exists (select 1 from duplicates_compared c where c.version_id = v.id)
    and exists (select 1 from search_passage p where p.version_id = v.id and p.number = 0 and p.made_with = %s)
"""
_SAME_WORDS = """
    select one, other from unnest(%s::bigint[], %s::bigint[]) as pair (one, other)
    join registry_version v on v.id = one join registry_version w on w.id = other
    where v.title = w.title and v.summary = w.summary and (v.summary <> '' or v.owner_id = w.owner_id)
"""
_WRITE = """
    insert into duplicates_pair as known
        (low_id, high_id, low_version_id, high_version_id, probability, found_at, verdict, decision_id, revision)
    select *, 0 from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::float[], %s::timestamptz[],
                            %s::text[], %s::bigint[])
    on conflict (low_id, high_id) do update set
        low_version_id = excluded.low_version_id, high_version_id = excluded.high_version_id,
        probability = excluded.probability, verdict = excluded.verdict, decision_id = excluded.decision_id,
        found_at = excluded.found_at, revision = known.revision + 1
    where (known.low_version_id, known.high_version_id, known.verdict, known.decision_id, known.probability)
        is distinct from (excluded.low_version_id, excluded.high_version_id, excluded.verdict, excluded.decision_id,
                          excluded.probability)
"""


@dataclass
class Filled:
    """What a pass did."""

    compared: int = 0  # versions
    pairs: int = 0  # suspected ones that were found or found again
    left: int = 0  # versions that it did not come to


def fill(
    *, report: Callable[[int, int], None] = lambda done, total: None, stop: Callable[[], bool] = lambda: False,
    turn: Callable[[], AbstractContextManager] = seeing_all, at: datetime | None = None,
) -> Filled:  # fmt: skip
    """Compare what is new or changed with its neighbours. As the worker; goes on where it was stopped.

    Args:
        report: called after each batch with how many versions are done and how many there are to do.
        stop: asked after each batch; True ends the pass.
        turn: makes the context of one transaction, in which all is seen.
        at: when.
    """
    filled, after = Filled(), 0
    known: dict[int, Facts] = {}  # what versions name, read once a pass
    with turn():
        total = left_to_compare()
    while True:
        with turn():
            batch = _next(after)
            if not batch:
                break
            filled.pairs += _take(batch, known, at or timezone.now())
        after = max(batch)
        filled.compared += len(batch)
        report(filled.compared, total)
        if stop():
            break
    filled.left = max(0, total - filled.compared)
    return filled


def begin_anew() -> None:
    """Let the next pass look at every version again, after the scorer was trained anew. As the worker who sees all."""
    Compared.objects.all().delete()


def left_to_compare() -> int:
    """How many listed versions with vectors wait for the pass. As the worker who sees all."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [made_with()])
        return cursor.fetchone()[0]


def _next(after: int) -> dict[int, int]:
    """The next versions to look at: id -> id of the record."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, made_with(), AT_ONCE])
        return dict(cursor.fetchall())


def _take(batch: dict[int, int], known: dict[int, Facts], at: datetime) -> int:
    """Score a batch's neighbours, put the pairs into the queue, and note that the batch is done; returns how many pairs."""
    found = _best(comparing.pairs(list(batch), known, least=LEAST))
    records = batch | dict(
        Version.objects.filter(pk__in={other for pair in found for other in pair} - batch.keys(), is_listed=True)
        .values_list("pk", "record_id")
    )  # fmt: skip
    found |= dict.fromkeys(_in_the_same_words(found), SURE)
    pairs: dict[Key, tuple[Key, float]] = {}
    for (one, other), probability in found.items():
        if one in records and other in records and records[one] != records[other]:
            low, high = sorted((one, other), key=records.__getitem__)
            pairs[records[low], records[high]] = ((low, high), round(probability, 4))
    _write(pairs, at)
    _drop_outdated(batch)
    Compared.objects.bulk_create([Compared(version_id=pk, at=at) for pk in batch], ignore_conflicts=True)
    return len(pairs)


def _in_the_same_words(found: Iterable[Key]) -> list[Key]:
    """Those pairs of versions whose title and summary are the same, letter by letter; with a title alone, of one owner."""
    ones, others = zip(*found, strict=True) if found else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(_SAME_WORDS, [list(ones), list(others)])
        return cursor.fetchall()


def _best(scored: Iterable[tuple[int, int, float]]) -> dict[Key, float]:
    """The pairs that somebody should look at: likely enough, the best few of each version."""
    of_each: dict[int, list[tuple[float, int]]] = {}
    for version, other, probability in scored:
        if probability >= LEAST and version != other:
            of_each.setdefault(version, []).append((probability, other))
    best: dict[Key, float] = {}
    for version, others in of_each.items():
        for probability, other in sorted(others, reverse=True)[:MOST_OF_ONE]:
            key = (version, other) if (other, version) not in best else (other, version)
            best[key] = max(probability, best.get(key, 0.0))
    return best


def _write(pairs: dict[Key, tuple[Key, float]], at: datetime) -> None:
    """Put pairs into the queue; what was decided stays decided, unless one of the texts became another one."""
    if not pairs:
        return
    standing = _decided(pairs)
    rows = [
        (low, high, *versions, probability, at, *((last.verdict, last.pk) if (last := standing.get((low, high))) else ("", None)))
        for (low, high), (versions, probability) in pairs.items()
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def _decided(pairs: dict[Key, tuple[Key, float]]) -> dict[Key, Decision]:
    """The last decision of each pair, where it still holds; it is carried over to the versions of today."""
    low_ids, high_ids = {low for low, _high in pairs}, {high for _low, high in pairs}
    last: dict[Key, Decision] = {}
    for each in Decision.objects.filter(low__in=low_ids, high__in=high_ids).order_by("at", "pk"):
        key = each.low_id, each.high_id
        # What a secretariat decided only a secretariat decides anew.
        if key in pairs and (each.by_office_id is None or key not in last or last[key].by_office_id is not None):
            last[key] = each
    needed = {version for key, each in last.items() for version in (*each.versions, *pairs[key][0])}
    texts = {each.pk: each for each in Version.objects.filter(pk__in=needed).prefetch_related("participations")}
    holding = {}
    for key, each in last.items():
        now = pairs[key][0]
        if not all(_goes_on(texts[old], texts[new]) for old, new in zip(each.versions, now, strict=True)):
            continue
        if each.versions != now:
            Decision.objects.filter(pk=each.pk).update(low_version=now[0], high_version=now[1])
        holding[key] = each
    return holding


def _goes_on(before: Version, now: Version) -> bool:
    """Whether a decision about one version holds for another. One about a draft stays with it: its reason is not for
    the readers of what is listed; nor is one about a restricted version for wider readers."""
    if before.pk == now.pk:
        return True
    was_listed = before.listed_at is not None
    same_readers = (before.visibility, before.process_id, before.audience) == (
        now.visibility,
        now.process_id,
        now.audience,
    )
    return was_listed and (same_readers or before.visibility == Visibility.PUBLIC) and not changed_much(before, now)


def _drop_outdated(batch: dict[int, int]) -> None:
    """Open pairs of a version that is listed no longer, where the new one was not found to look alike."""
    records, versions = list(batch.values()), list(batch)
    Pair.objects.filter(
        Q(low__in=records) & ~Q(low_version__in=versions) | Q(high__in=records) & ~Q(high_version__in=versions),
        verdict="",
    ).delete()


@dataclass(frozen=True)
class Asked:
    """What an officer asked to see of the queue."""

    kind: str = ""
    country: str = ""
    verdict: str = ""  # empty: what nobody decided yet


def pairs(asked: Asked) -> QuerySet[Pair]:
    """Pairs of versions that are listed and that the current person may read both, the likeliest first."""
    found = Pair.objects.filter(verdict=asked.verdict, low_version__is_listed=True, high_version__is_listed=True)
    if asked.kind:
        found = found.filter(Q(low_version__kind=asked.kind) | Q(high_version__kind=asked.kind))
    if asked.country:
        place = [asked.country]
        found = found.filter(Q(low_version__places__contains=place) | Q(high_version__places__contains=place))
    order = ("-decision__at", "low", "high") if asked.verdict else ("-probability", "low", "high")
    return found.select_related("low_version__record", "high_version__record", "decision").order_by(*order)


def find(pair: int) -> Pair | None:
    """A pair by its id, listed still, as far as the current person may read both sides."""
    if pair >= 2**63:
        return None
    return (
        Pair.objects.filter(pk=pair, low_version__is_listed=True, high_version__is_listed=True)
        .select_related("low_version__record", "high_version__record", "low_version__owner", "high_version__owner", "decision")
        .first()
    )  # fmt: skip


def between(one: int, other: int) -> Pair | None:
    """The pair of two records, by their ids."""
    low, high = sorted((one, other))
    return Pair.objects.filter(low=low, high=high).first()
