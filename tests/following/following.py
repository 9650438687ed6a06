"""Saves searches and lists records at chosen times, for tests of following."""

from datetime import UTC, datetime

from django.http import QueryDict

from minga.following import changes
from minga.following.models import SavedSearch
from minga.search import indexing
from minga.search.lists import read_list
from tests.making import Made, make_record
from tests.search.encoder import WordEncoder, embed_all

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
SAME = {"quetzalia": "zamoria"}  # means the same in other words


class Meaning(WordEncoder):
    """An encoder of words that knows a synonym, and may be away."""

    is_away = False

    def queries(self, texts):
        return self.passages([SAME.get(text, text) for text in texts])

    def vector_of(self, words: str):
        return (None, "") if self.is_away or not words.strip() else (self.queries([words])[0], self.name)


def save(person: int, query: str, *, at: datetime = NOW, rhythm: str = "weekly") -> SavedSearch:
    """Save a search for a person."""
    search, _is_fresh = changes.save(read_list(QueryDict(query)), person=person, at=at)
    SavedSearch.objects.filter(pk=search.pk).update(rhythm=rhythm)
    return SavedSearch.objects.get(pk=search.pk)


def listed(at: datetime, *, embedded: bool = False, **values) -> Made:
    """A record that is listed at a time; found by its words at once, by its meaning once it is embedded."""
    made = make_record(**values)
    made.version.listed_at = at
    made.version.save(update_fields=["listed_at"])
    indexing.refresh_marked()
    if embedded:
        embed_all(Meaning())
    return made
