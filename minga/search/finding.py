"""Finds: by words in the query's language, by names in any, by meaning in all; fused into one order.

Full text of another language does not vote (it is noise there); names, acronyms, numbers and quoted phrases do, in
whatever language. What a person may not read is not found, not counted and does not weigh: each statement runs under
row security.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from minga.search import words as full_text
from minga.search.filtering import Filters, filters_of
from minga.search.grammar import Query
from minga.search.kin import kin_of, words_of_versions
from minga.search.meaning import Nearness, nearest, read
from minga.search.ranking import Ranking, by_words_alone, signals_of, trained

LANGUAGES = ("es", "en", "fr", "pt")
MOST_LISTED = 1_000  # of what is only filtered, or holds a phrase
REREAD = 80  # of the best, all passages are read
MOST_BY_WORDS = 30  # of those, at least so many for their words
# Of the default encoder (others are read on its scale): nonsense comes to 0.69 with its nearest record, questions to 0.72
# and more; and of 144 that were tried, 139 had their answer within 0.03 of the nearest.
NO_ANSWER = 0.705
FAR = 0.05  # a similarity so far below the best is no answer any more
_NAME = re.compile(r"\w*\d[\w./-]*|[A-ZÁÉÍÓÚÑÇÂÊÔÃÕÜ]{2,}\w*|[A-ZÁÉÍÓÚÑÇÂÊÔÃÕÜ]\w+")


@dataclass
class Hit:
    """A version that was found."""

    version: int
    score: float = 0.0
    similarity: float | None = None  # of title and summary; None where that is not known
    is_near: bool = False  # as near as an answer is
    near: Nearness | None = None
    lexical: float = 0.0  # share of what the words of the query say, that its wording in the query's language says
    named: float = 0.0  # the same for names, in any language
    kin: float = 0.0  # share of the query's words that a word of its wordings says too, in whatever language
    words: tuple[str, ...] = ()  # lexemes that match
    alike: tuple[str, ...] = ()  # words of its wordings that say the same as one of the query, in whatever language

    @property
    def why(self) -> str:
        """Why it is here: "words", "meaning" or "both"."""
        by_words = self.lexical > 0 or self.named > 0
        by_meaning = self.is_near or not by_words
        return "both" if by_words and by_meaning else "words" if by_words else "meaning"

    @property
    def passage(self) -> str:
        """The passage that answers; "" where none is known."""
        if not self.near:
            return ""
        # The title stands above it anyway.
        return self.near.text.partition("\n")[2] if self.near.field in ("title", "summary") else self.near.text

    @property
    def passage_language(self) -> str:
        """Its language; "" where no passage is known."""
        return self.near.language if self.near else ""


@dataclass
class Found:
    """What a query finds."""

    hits: list[Hit]
    language: str  # in which the query was read
    by_meaning: bool  # False: the encoder was away, and words alone were searched
    lexemes: list[str] = field(default_factory=list)


def find(
    query: Query,
    *,
    language: str,
    vector: np.ndarray | None,
    encoder: str = "",
    word_vectors: Mapping[str, np.ndarray] | None = None,
    ranking: Ranking | None = None,
) -> Found:
    """The versions that answer a query, best first.

    Args:
        query: as it was understood.
        language: of the query where known; else it is guessed from its words.
        vector: of the query, of shape (size,); None searches words alone.
        encoder: the name of the encoder that made it: vectors of others are not compared with it.
        word_vectors: of the query's words, by `kin.words_of`; None compares them only as they are.
        ranking: the weights of the signals; else the trained ones.
    """
    filters = filters_of(query)
    spoken = language or guess_language(query.words)
    hits: dict[int, Hit] = {}
    lexemes: list[str] = []
    if query.words:
        lexemes = _by_words(query, spoken, filters, hits)
        _by_names(query, filters, hits)
        if vector is not None:
            for version, similarity in nearest(vector, encoder, filters):
                hits.setdefault(version, Hit(version)).similarity = similarity
    else:
        _only_filtered(filters, hits)
    if query.phrases:
        _keep_phrases(query, filters, hits)
    best = _best(list(hits.values()))
    if vector is not None and best:
        _reread(best, vector, encoder)
    related = kin_of(word_vectors or {})
    if related.near:
        said = words_of_versions([hit.version for hit in best])
        for hit in best:
            own = said.get(hit.version, ())
            hit.kin, hit.alike = related.share(own), tuple(related.same(own))
    rank(best, query.words, ranking or trained())
    best.sort(key=lambda hit: (-hit.score, hit.version))
    looked_at = {hit.version for hit in best}
    rest = sorted((hit for hit in hits.values() if hit.version not in looked_at), key=_first_impression)
    _say_which_are_near(hits.values())
    return Found([*best, *rest], spoken, vector is not None, lexemes)


def rank(hits: list[Hit], words: str, ranking: Ranking) -> None:
    """Give hits their scores."""
    if hits:
        known = signals(hits)
        is_read = any(hit.near for hit in hits)
        scores = ranking.scores(words, known) if is_read else by_words_alone(known)
        for hit, score in zip(hits, scores.tolist(), strict=True):
            hit.score = score


def signals(hits: list[Hit]) -> np.ndarray:
    """What is known of hits, as the ranking takes it."""
    return signals_of(
        [hit.near for hit in hits],
        [hit.lexical for hit in hits],
        [hit.named for hit in hits],
        [hit.kin for hit in hits],
    )


def guess_language(words: str) -> str:
    """The language whose stop words a text holds most of; "" where none is told apart.

    The stop words are those of the full-text configurations: what a stemmer throws away tells its language.
    """
    if not words.strip():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c, cardinality(tsvector_to_array(to_tsvector(search_configuration(c), %s)))"
            " from unnest(%s::text[]) c", [words[:500], list(LANGUAGES)],
        )  # fmt: skip
        left = dict(cursor.fetchall())
    least = min(left.values())
    best = [code for code in LANGUAGES if left[code] == least]
    return best[0] if len(best) == 1 else ""


def _by_words(query: Query, language: str, filters: Filters, hits: dict[int, Hit]) -> list[str]:
    """Matches in the query's language, weighed by how rare each matching word is."""
    told: list[str] = []
    # What has no stems of its own (Haitian Creole, Miskito) is searched by its words as they are.
    known = [language] if language in LANGUAGES else [] if language else LANGUAGES
    asked = [{"language": code} for code in known]
    if language not in LANGUAGES:
        asked.append({"language": "", "but": LANGUAGES})
    for where in asked:
        found, lexemes = full_text.matches(query.words, filters=filters, **where)
        told = told or lexemes
        for version, share, words in found:
            hit = hits.setdefault(version, Hit(version))
            if share > hit.lexical:
                hit.lexical, hit.words = share, words
    return told


def _by_names(query: Query, filters: Filters, hits: dict[int, Hit]) -> None:
    """Names, acronyms, numbers and quoted phrases: as they are, in wordings of any language."""
    names = _NAME.findall(query.words)
    if len(names) == 1 and query.words.startswith(names[0]) and len(query.words.split()) > 1 and names[0].istitle():
        names = []  # the first word of a sentence is no name
    if names := [*names, *query.phrases]:
        found, _lexemes = full_text.matches(" ".join(names), language="", filters=filters)
        for version, share, words in found:
            hit = hits.setdefault(version, Hit(version))
            if share > hit.named:
                hit.named, hit.words = share, tuple(dict.fromkeys([*hit.words, *words]))


def _keep_phrases(query: Query, filters: Filters, hits: dict[int, Hit]) -> None:
    """Quoted phrases must stand in the text: whatever lacks one goes, and whatever holds them all is there."""
    holding = full_text.holding(query.phrases, filters=filters, most=MOST_LISTED)
    for version in hits.keys() - holding:
        del hits[version]
    for version in holding:
        hits.setdefault(version, Hit(version)).named = 1.0


def _only_filtered(filters: Filters, hits: dict[int, Hit]) -> None:
    """Without words: what passes the filters, in no order of its own."""
    if passing := filters.passing:
        sql, parameters = passing
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} limit {MOST_LISTED}", parameters)
            hits |= {pk: Hit(pk) for (pk,) in cursor.fetchall()}


def _best(hits: list[Hit]) -> list[Hit]:
    """Those that are looked at closely: the nearest ones, and those that hold most of the words."""
    by_words = sorted((hit for hit in hits if hit.lexical or hit.named), key=_by_share)[:MOST_BY_WORDS]
    near = sorted((hit for hit in hits if hit.similarity is not None), key=_first_impression)
    chosen = dict.fromkeys(id(hit) for hit in by_words)
    return [*by_words, *[hit for hit in near if id(hit) not in chosen][: REREAD - len(by_words)]]


def _say_which_are_near(hits: Iterable[Hit]) -> None:
    """Near is what is hardly farther than the nearest, and near enough to be an answer at all."""
    hits = [hit for hit in hits if hit.similarity is not None]
    least = max([NO_ANSWER, *(hit.similarity - FAR for hit in hits)])
    for hit in hits:
        hit.is_near = hit.similarity >= least


def _by_share(hit: Hit) -> tuple[float, float, int]:
    return -max(hit.lexical, hit.named), -(hit.similarity or 0.0), hit.version


def _first_impression(hit: Hit) -> tuple[float, float, int]:
    return -(hit.similarity or 0.0), -max(hit.lexical, hit.named), hit.version


def _reread(hits: list[Hit], vector: np.ndarray, encoder: str) -> None:
    """Read all passages of the best: the one that answers, and how near each view is."""
    near = read([hit.version for hit in hits], vector, encoder)
    for hit in hits:
        hit.near = near.get(hit.version)
        if hit.near:
            hit.similarity = hit.near.whole.both
