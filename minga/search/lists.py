"""A list of records that was searched for: the same value as every other list, so that filters, counts, feeds and files
of what was found come by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict

from minga.registry.lists import DEFAULT_ORDER, RecordList, conditions
from minga.registry.models import Participation, Version
from minga.search import asking, grammar, spelling
from minga.search.finding import Found, Hit, find

LITTLE = 0.3  # share of the query's words or names that makes a match one


@dataclass(frozen=True)
class SearchList(RecordList):
    """What a reader searched for."""

    typed: str = ""
    as_typed: bool = False  # whatever is mistyped stays so

    @cached_property
    def understood(self) -> grammar.Query:
        """The query, with the filters of the address among those that were typed."""
        read = grammar.read(self.typed)
        chosen = {**read.chosen, **self.chosen, **({"kind": (self.kind,)} if self.kind else {})}
        return grammar.Query(read.typed, read.words, read.phrases, chosen, read.excluded, read.not_understood)

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """What was chosen and typed, the address's kind included."""
        return dict(self.understood.chosen)

    @cached_property
    def asked_as_typed(self) -> str:
        """The whole query as one would type it: so whoever clicks filters learns how."""
        return grammar.write(self.understood)

    @cached_property
    def reading(self) -> spelling.Reading:
        """The query with the words that were meant, where some were mistyped."""
        return spelling.Reading(self.understood) if self.as_typed else spelling.meant(self.understood)

    @cached_property
    def found(self) -> Found:
        """What was found, under all filters."""
        return self._find(self.reading.query)

    @cached_property
    def _vector(self):
        return asking.vector_of(self.understood.words)

    @cached_property
    def _word_vectors(self):
        """Of what was typed, as the vector is: asked once, for the search with its filters and the one without."""
        return None if self._vector[0] is None else asking.word_vectors(self.understood.words)

    def _find(self, query: grammar.Query) -> Found:
        vector, encoder = self._vector
        return find(query, language="", vector=vector, encoder=encoder, word_vectors=self._word_vectors)

    @cached_property
    def hits(self) -> list[Hit]:
        """Those that answer, best first."""
        return self._answers(self.found.hits)

    def _answers(self, hits: list[Hit]) -> list[Hit]:
        if self.actor:
            of_actor = set(
                Participation.objects.filter(actor__slug=self.actor, version__in=[hit.version for hit in hits])
                .values_list("version_id", flat=True)
            )  # fmt: skip
            hits = [hit for hit in hits if hit.version in of_actor]
        return list(_near_enough(hits))

    @cached_property
    def scope(self) -> list[int] | None:
        """The ids of the records found, with and without filters: so the values that are not chosen are counted too."""
        if not self.understood.words:
            return self._without_words()
        versions = {hit.version for hit in self.hits}
        if self.asked:
            bare = self.reading.query
            bare = grammar.Query(bare.typed, bare.words, bare.phrases, {}, bare.excluded)
            versions |= {hit.version for hit in self._answers(self._find(bare).hits)}
        return list(Version.objects.filter(pk__in=versions).values_list("record_id", flat=True))

    def _without_words(self) -> list[int] | None:
        """Only filters were typed: a list like any other, but for what is excluded."""
        if not self.understood.excluded:
            return super().scope
        excluded = Q()
        for facet, values in self.understood.excluded.items():
            excluded |= conditions({facet: values})
        return list(Version.objects.listed().exclude(excluded).values_list("record_id", flat=True))

    @cached_property
    def rows(self) -> list[Version]:
        """The versions of the shown page, the best answers first unless another order is asked for."""
        if self.order != DEFAULT_ORDER or not self.understood.words:
            return super().rows
        first = (self.shown_page - 1) * settings.RECORDS_PER_PAGE
        wanted = [hit.version for hit in self.hits[first : first + settings.RECORDS_PER_PAGE]]
        versions = {each.pk: each for each in Version.objects.filter(pk__in=wanted).select_related("record")}
        return [versions[pk] for pk in wanted if pk in versions]

    def query(self, **changes) -> str:
        """The query string of this search with changes."""
        return super().query(**{"q": self.typed, "spelling": "typed" if self.as_typed else "", **changes})


def read_list(query: QueryDict, *, kind: str = "") -> RecordList:
    """The list that an address asks for; a search, where something is searched for.

    Args:
        query: the request's GET parameters.
        kind: the kind that the address fixes, if it does.
    """
    read = RecordList.read(query, kind=kind)
    typed = query.get("q", "").strip()[: grammar.LONGEST]
    if not typed:
        return read
    return SearchList(
        read.chosen, read.order, read.page, read.kind, read.actor, read.ignored, typed=typed,
        as_typed=query.get("spelling") == "typed",
    )  # fmt: skip


def _near_enough(hits: list[Hit]) -> Iterator[Hit]:
    for hit in hits:
        if hit.is_near or hit.lexical >= LITTLE or hit.named >= LITTLE:
            yield hit
