"""Saving a search, changing and forgetting it, and noting what of it is known. For the person who is signed in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.text import Truncator
from django.utils.translation import get_language

from minga.accounts.models import Digest
from minga.following.models import SavedSearch
from minga.following.news import LOOKS_BACK, SETTLES, News, news_of, still_near, unseen, untold
from minga.notifications.outbox import one_line
from minga.registry.counts import FACETS
from minga.registry.lists import RecordList
from minga.registry.models import Version
from minga.search.naming import name_of

MOST_SAVED = 50
LONGEST_NAME = SavedSearch._meta.get_field("name").max_length


class TooMany(Exception):
    """She keeps as many searches as one may."""


def canonical(asked: RecordList) -> str:
    """The query string of a list in one spelling, whichever way she came to it: neither order nor page belong to it."""
    chosen = {**asked.chosen, "kind": (asked.kind,)} if asked.kind else asked.chosen
    values: dict[str, object] = {facet: sorted(chosen[facet]) for facet in FACETS if facet in chosen}
    values["actor"] = asked.actor
    values["q"] = " ".join(getattr(asked, "typed", "").split())
    values["spelling"] = "typed" if getattr(asked, "as_typed", False) else ""  # she wants it as she wrote it
    return urlencode({name: value for name, value in values.items() if value}, doseq=True)


def saved_as(asked: RecordList, *, person: int) -> SavedSearch | None:
    """The saved search of a person that asks for the same, if there is one."""
    return SavedSearch.objects.filter(person=person, query=canonical(asked)).first()


def save(asked: RecordList, *, person: int, at: datetime) -> tuple[SavedSearch, bool]:
    """Save a search; the same one is saved once.

    Args:
        asked: the search.
        person: whose.
        at: when; what is listed by then is not new.

    Returns:
        the saved search, and whether it was not there before.

    Raises:
        TooMany: she has to delete one first.
    """
    known = saved_as(asked, person=person)
    if known:
        return known, False
    if SavedSearch.objects.filter(person=person).count() >= MOST_SAVED:
        raise TooMany
    name = Truncator(one_line(name_of(asked, get_language()))).chars(LONGEST_NAME)
    search = SavedSearch(person=person, name=name, query=canonical(asked), saved_at=at, seen_at=at, told_at=at)
    search.seen = search.told = _ids(news_of(search.asked, after=at - SETTLES).versions)
    search.save(force_insert=True)
    return search, True


def change(search: SavedSearch, *, name: str, rhythm: str, at: datetime) -> None:
    """Give a saved search another name or rhythm."""
    if search.rhythm == Digest.NEVER and rhythm != Digest.NEVER:  # what came meanwhile is not written of
        search.told_at, search.told = at, _ids(news_of(search.asked, after=at - LOOKS_BACK).versions)
    search.name, search.rhythm = one_line(name), rhythm
    search.save(update_fields=["name", "rhythm", "told_at", "told"])


def look(search: SavedSearch, *, at: datetime) -> News:
    """Note that she looks at a saved search; what she sees now she need not be written of.

    Returns:
        what was new.
    """
    news = unseen(search)
    search.seen_at, search.seen = _known(search.seen_at, search.seen, news, at)
    if search.rhythm != Digest.NEVER:
        search.told = sorted({*search.told, *_ids(untold(search).versions)})
    search.save(update_fields=["seen_at", "seen", "told"])
    return news


def note_told(search: SavedSearch, news: News, *, at: datetime) -> None:
    """Note that she is written of what is new."""
    search.told_at, search.told = _known(search.told_at, search.told, news, at)
    search.save(update_fields=["told_at", "told"])


def _known(since: datetime, known: Collection[int], news: News, at: datetime) -> tuple[datetime, list[int]]:
    """Until when it was looked at and what is known, after some news."""
    ids = sorted({*known, *_ids(news.versions)})
    if not news.is_whole:  # what fits by its meaning was not seen: it stays new, however long the encoder is away
        return since, ids
    return at, still_near(ids, now=at)


def _ids(versions: Sequence[Version]) -> list[int]:
    return sorted(version.record_id for version in versions)
