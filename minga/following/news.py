"""What is new in a search: what its page shows now, was listed since, and is not known yet.

It is asked with the rights of whoever asks now. Everything here runs under row security: what a person may no longer
read is neither new nor counted, whatever she could read when she saved the search.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from minga.following.models import SavedSearch
from minga.registry.lists import RecordList, conditions
from minga.registry.models import Version
from minga.search.lists import SearchList

# A record is found by its meaning only once it has vectors: a minute after it is listed, or much later where the encoder
# is busy or away. So one looks back so far, past what is known already.
LOOKS_BACK = timedelta(days=2)
SETTLES = timedelta(minutes=10)  # what was listed longer than that before she saved the search was there already


@dataclass(frozen=True)
class News:
    """What is new in a search."""

    versions: list[Version]  # newest first
    is_whole: bool = True  # False: only words could be searched, and more may fit by its meaning


def unseen(search: SavedSearch) -> News:
    """What is new since she last opened a saved search."""
    return news_of(search.asked, after=_after(search, search.seen_at), known=search.seen)


def untold(search: SavedSearch) -> News:
    """What is new since she was last written to about a saved search."""
    return news_of(search.asked, after=_after(search, search.told_at), known=search.told)


def news_of(asked: RecordList, *, after: datetime, known: Collection[int] = ()) -> News:
    """What fits and was listed after a time, for the current person.

    Args:
        asked: the search.
        after: the time.
        known: ids of records that are not new to her.
    """
    listed = (
        Version.objects.listed()
        .filter(conditions(asked.asked), listed_at__gt=after)
        .exclude(record_id__in=known)
        .order_by("-listed_at", "-record_id")
    )
    if isinstance(asked, SearchList) and asked.understood.words:
        if not listed.exists():  # most of the time: then the search need not be run
            return News([])
        found = listed.filter(pk__in=[hit.version for hit in asked.hits])
        return News(list(found.select_related("record")), asked.found.by_meaning)
    if asked.scope is not None:
        listed = listed.filter(record_id__in=asked.scope)
    return News(list(listed.select_related("record")))


def _after(search: SavedSearch, last: datetime) -> datetime:
    return max(last - LOOKS_BACK, search.saved_at - SETTLES)


def still_near(records: Collection[int], *, now: datetime) -> list[int]:
    """Of some records, the ids of those that are looked back at: the others need not be remembered."""
    near = Version.objects.listed().filter(record_id__in=records, listed_at__gt=now - LOOKS_BACK)
    return sorted(near.values_list("record_id", flat=True))
