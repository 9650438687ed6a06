"""Finds: by words in the query's language, by names in any, by meaning in all; fused into one order.

Full text of another language does not vote (it is noise there); names, acronyms, numbers and quoted phrases do, in
whatever language. What a person may not read is not found, not counted and does not weigh: each statement runs under
row security, and weights of words are taken from what she may read.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from django.db.models import Q

from minga.registry.lists import conditions
from minga.registry.models import Version
from minga.search.grammar import Query
from minga.search.vectors import Comparison
from minga.search.weights import WEIGHTS, Weights

LANGUAGES = ("es", "en", "fr", "pt")
NEAR = 100  # neighbours by meaning
SAID = 200  # matches by words that are weighed
MOST_LISTED = 1_000  # of what is only filtered, or holds a phrase
REREAD = 40  # of the best, all passages are read
MOST_COUNTED = 1_000  # a word that stands in more wordings says nothing
_NAME = re.compile(r"\w*\d[\w./-]*|[A-ZÁÉÍÓÚÑÇÂÊÔÃÕÜ]{2,}\w*|[A-ZÁÉÍÓÚÑÇÂÊÔÃÕÜ]\w+")


@dataclass
class Hit:
    """A version that was found."""

    version: int
    score: float = 0.0
    similarity: float | None = None
    lexical: float = 0.0  # share of what the words of the query say, that its wording in the query's language says
    named: float = 0.0  # the same for names, in any language
    words: tuple[str, ...] = ()  # lexemes that match
    passage: str = ""
    passage_field: str = ""
    passage_language: str = ""

    @property
    def why(self) -> str:
        """Why it is here: "words", "meaning" or "both"."""
        by_words = self.lexical > 0 or self.named > 0
        by_meaning = self.similarity is not None
        return "both" if by_words and by_meaning else "words" if by_words else "meaning"


@dataclass
class Found:
    """What a query finds."""

    hits: list[Hit]
    language: str  # in which the query was read
    by_meaning: bool  # False: the encoder was away, and words alone were searched
    lexemes: list[str] = field(default_factory=list)


def find(
    query: Query, *, language: str, vector: np.ndarray | None, encoder: str = "", weights: Weights = WEIGHTS
) -> Found:
    """The versions that answer a query, best first.

    Args:
        query: as it was understood.
        language: of the query where known; else it is guessed from its words.
        vector: of the query, of shape (size,); None searches words alone.
        encoder: the name of the encoder that made it: vectors of others are not compared with it.
        weights: of the signals.
    """
    allowed = _allowed(query)
    spoken = language or guess_language(query.words)
    hits: dict[int, Hit] = {}
    lexemes: list[str] = []
    if query.words:
        lexemes = _by_words(query, spoken, allowed, hits)
        _by_names(query, allowed, hits)
        if vector is not None:
            _by_meaning(vector, encoder, allowed, hits)
    else:
        _only_filtered(allowed, hits)
    if query.phrases:
        _keep_phrases(query, allowed, hits)
    _score(hits, len(query.words.split()), weights)
    best = sorted(hits.values(), key=lambda hit: (-hit.score, hit.version))
    if vector is not None and best:
        _reread(best[:REREAD], vector, encoder, len(query.words.split()), weights)
        best.sort(key=lambda hit: (-hit.score, hit.version))
    return Found(best, spoken, vector is not None, lexemes)


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


def _allowed(query: Query) -> tuple[str, list] | None:
    """The filters as SQL over version ids; None without filters."""
    if not query.chosen and not query.excluded:
        return None
    condition = conditions(query.chosen)
    for facet, values in query.excluded.items():
        condition &= ~conditions({facet: values}) if values else Q()
    return Version.objects.listed().filter(condition).values("pk").query.sql_with_params()


def _within(allowed: tuple[str, list] | None, column: str) -> tuple[str, list]:
    return (f" and {column} in ({allowed[0]})", list(allowed[1])) if allowed else ("", [])


def _by_words(query: Query, language: str, allowed, hits: dict[int, Hit]) -> list[str]:
    """Matches in the query's language, weighed by how rare each matching word is."""
    languages = [language] if language else list(LANGUAGES)
    told: list[str] = []
    for code in languages:
        weights = _rarity("text", f"search_configuration('{code}')", query.words, code)
        if not weights:
            continue
        told = told or list(weights)
        for version, share, words in _weighed("text", weights, allowed, code):
            hit = hits.setdefault(version, Hit(version))
            if share > hit.lexical:
                hit.lexical, hit.words = share, words
    return told


def _by_names(query: Query, allowed, hits: dict[int, Hit]) -> None:
    """Names, acronyms, numbers and quoted phrases: as they are, in wordings of any language."""
    names = _NAME.findall(query.words)
    if len(names) == 1 and query.words.startswith(names[0]) and len(query.words.split()) > 1 and names[0].istitle():
        names = []  # the first word of a sentence is no name
    names += query.phrases
    if not names:
        return
    weights = _rarity("words", "'minga_words'::regconfig", " ".join(names), "")
    for version, share, words in _weighed("words", weights, allowed, ""):
        hit = hits.setdefault(version, Hit(version))
        if share > hit.named:
            hit.named, hit.words = share, tuple(dict.fromkeys([*hit.words, *words]))


def _rarity(column: str, configuration: str, text: str, language: str) -> dict[str, float]:
    """Lexeme -> how much it says (inverse document frequency), among what the person may read."""
    where = "and w.language = %(language)s" if language else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select l, (select count(*) from (select 1 from search_wording w where w.{column} @@ quote_literal(l)::tsquery"
            f" {where} limit {MOST_COUNTED}) n), (select count(*) from (select 1 from search_wording w where true {where}"
            " limit 100000) n)"
            f" from unnest(tsvector_to_array(to_tsvector({configuration}, %(text)s))) l limit 60",
            {"text": text, "language": language},
        )
        rows = cursor.fetchall()
    return {
        lexeme: math.log(1 + (total - number + 0.5) / (number + 0.5))
        for lexeme, number, total in rows
    }  # fmt: skip


def _weighed(
    column: str, weights: dict[str, float], allowed, language: str
) -> list[tuple[int, float, tuple[str, ...]]]:
    """Versions that hold any of some lexemes: (version, share of what they say together, those that match)."""
    if not weights:
        return []
    lexemes = sorted(weights, key=weights.get, reverse=True)
    within, parameters = _within(allowed, "w.version_id")
    where = " and w.language = %s" if language else ""
    flags = ", ".join("quote_literal(%s)::tsquery" for _ in lexemes)
    either = " || ".join("quote_literal(%s)::tsquery" for _ in lexemes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select w.version_id, array(select w.{column} @@ q from unnest(array[{flags}]) q),"
            f" array(select w.{column} @@ (q::text || ':A')::tsquery from unnest(array[{flags}]) q)"
            f" from search_wording w where w.{column} @@ ({either}){where}{within}"
            f" order by ts_rank_cd(w.{column}, {either}) desc, w.version_id limit {SAID}",
            [*lexemes, *lexemes, *lexemes, *([language] if language else []), *parameters, *lexemes],
        )
        rows = cursor.fetchall()
    in_all = sum(weights.values()) or 1.0
    found = []
    for version, anywhere, in_title in rows:
        share = sum(
            weights[lexeme] * (1.0 if titled else 0.75)
            for lexeme, there, titled in zip(lexemes, anywhere, in_title, strict=True)
            if there
        )
        words = tuple(lexeme for lexeme, there in zip(lexemes, anywhere, strict=True) if there)
        found.append((version, share / in_all, words))
    return found


def _by_meaning(vector: np.ndarray, encoder: str, allowed, hits: dict[int, Hit]) -> None:
    """The nearest versions by their whole text."""
    within, parameters = _within(allowed, "p.version_id")
    compared = Comparison(vector, encoder)
    near = compared.given
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {NEAR}; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(
            f"select p.version_id, {compared.similarity('p')} from search_passage p"
            f" where p.number = 0 and p.made_with = %s{within} order by {compared.distance('p')} limit {NEAR}",
            [near, encoder, *parameters, near],
        )
        for version, similarity in cursor.fetchall():
            hits.setdefault(version, Hit(version)).similarity = similarity


def _keep_phrases(query: Query, allowed, hits: dict[int, Hit]) -> None:
    """Quoted phrases must stand in the text: whatever lacks one goes, and whatever holds them all is there."""
    within, parameters = _within(allowed, "w.version_id")
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct w.version_id from search_wording w where "
            + " and ".join("w.words @@ phraseto_tsquery('minga_words', %s)" for _ in query.phrases)
            + f"{within} limit {MOST_LISTED}",
            [*query.phrases, *parameters],
        )
        holding = {version for (version,) in cursor.fetchall()}
    for version in hits.keys() - holding:
        del hits[version]
    for version in holding:
        hit = hits.setdefault(version, Hit(version))
        hit.named = 1.0


def _only_filtered(allowed, hits: dict[int, Hit]) -> None:
    """Without words: what passes the filters, in no order of its own."""
    if allowed:
        with connection.cursor() as cursor:
            cursor.execute(f"{allowed[0]} limit {MOST_LISTED}", list(allowed[1]))
            hits |= {pk: Hit(pk) for (pk,) in cursor.fetchall()}


def _score(hits: dict[int, Hit], length: int, weights: Weights) -> None:
    best = max((hit.similarity for hit in hits.values() if hit.similarity is not None), default=0.0)
    for hit in hits.values():
        hit.score = weights.score(hit.similarity, best, hit.lexical, hit.named, length)


def _reread(hits: list[Hit], vector: np.ndarray, encoder: str, length: int, weights: Weights) -> None:
    """Read all passages of the best: the passage that answers, and a similarity that knows it."""
    compared = Comparison(vector, encoder)
    near = compared.given
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct on (p.version_id) p.version_id, {compared.similarity('p')}, p.text, p.field, p.language,"
            f" (select {compared.similarity('f')} from search_passage f where f.version_id = p.version_id"
            "  and f.number = 0 and f.made_with = p.made_with)"
            " from search_passage p where p.version_id = any(%s) and p.made_with = %s"
            f" order by p.version_id, {compared.distance('p')}",
            [near, near, [hit.version for hit in hits], encoder, near],
        )
        read = {version: rest for version, *rest in cursor.fetchall()}
    for hit in hits:
        if hit.version in read:
            best, hit.passage, hit.passage_field, hit.passage_language, whole = read[hit.version]
            hit.similarity = weights.with_passage(whole, best, length)
            if hit.passage_field in ("title", "summary"):  # the title stands above it anyway
                hit.passage = hit.passage.partition("\n")[2]
    top = max((hit.similarity for hit in hits if hit.similarity is not None), default=0.0)
    for hit in hits:
        hit.score = weights.score(hit.similarity, top, hit.lexical, hit.named, length)
