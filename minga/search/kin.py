"""Words that say the same: “relative” stands near “familiar”, “parente” and “proche”, so that a query's words are found
in texts of other languages one by one.

Full text compares words of one language; the vector of a whole text says what it is about in all. Between the two lies
what this measures: how many of the query's words have one in the text that says the same. The words are those of public
wordings (wordlist.py), so that nothing that is not public weighs.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.db import connection
from pgvector import HalfVector

from minga.common.keeping import kept

LEAST = 0.4  # similarity of two words below which they have nothing to do with each other
NEIGHBOURS = 100  # of a word
MOST_WORDS = 30  # of a query that are compared; of longer ones the rarest
SAME = 0.5  # closeness (from 0 to 1) from which a word says the same and is marked in a passage
LITTLE = 0.4  # a word that says less than this share of what the most telling one says is not marked
KEPT_SECONDS = 600  # for which a process keeps a word's neighbours: pages and filters of one search ask for the same
_WORD = re.compile(r"[^\W\d_]{3,40}")

Near = dict[str, float]  # word as the list has it -> how near it is, from 0 to 1


@dataclass(frozen=True)
class Kin:
    """What words of a query are near to, and how much each of them says."""

    near: tuple[Near, ...] = ()
    weights: tuple[float, ...] = field(default=())

    def share(self, words: Sequence[str]) -> float:
        """How much of the query is said by some words, from 0 to 1.

        Args:
            words: of a text, as the list has them.
        """
        if not self.weights or not sum(self.weights):
            return 0.0
        said = [0.0] * len(self.near)
        for word in words:
            for place, closeness in self._of_word.get(word, ()):
                said[place] = max(said[place], closeness)
        return sum(weight * each for weight, each in zip(self.weights, said, strict=True)) / sum(self.weights)

    @cached_property
    def _of_word(self) -> dict[str, list[tuple[int, float]]]:
        """Word of a text -> places of the query's words that it says too, and how nearly: few words of a text have any."""
        found: dict[str, list[tuple[int, float]]] = {}
        for place, near in enumerate(self.near):
            for word, closeness in near.items():
                found.setdefault(word, []).append((place, closeness))
        return found

    def same(self, text_words: Sequence[str]) -> list[str]:
        """Those of some words that say the same as one of the query; not as one that says little ("on", "among")."""
        least = LITTLE * max(self.weights, default=0.0)
        telling = [near for near, weight in zip(self.near, self.weights, strict=True) if weight >= least]
        return [word for word in text_words if any(near.get(word, 0.0) >= SAME for near in telling)]


def words_of(text: str) -> list[str]:
    """The words of a query that may have kin."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def kin_of(vectors: Mapping[str, np.ndarray]) -> Kin:
    """What the words of a query are near to.

    Args:
        vectors: word -> its vector, of shape (512,).
    """
    if not vectors:
        return Kin()
    rarest = _rarest(list(vectors))
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {NEIGHBOURS}")
    told = [_neighbours(HalfVector(vectors[word]).to_text()) for word in rarest]
    total = max([1.0, *(most for _near, _said, most in told)])
    weights = [math.log(1 + (total - min(said, total) + 0.5) / (min(said, total) + 0.5)) for _near, said, _most in told]
    return Kin(tuple(near for near, _said, _most in told), tuple(weights))


def _rarest(words: list[str]) -> list[str]:
    if len(words) <= MOST_WORDS:
        return words
    with connection.cursor() as cursor:
        cursor.execute(
            "select w from unnest(%s::text[]) w left join search_word k on k.key = lower(unaccent(w))"
            " order by coalesce(k.wordings, 0), w limit %s", [words, MOST_WORDS],
        )  # fmt: skip
        return [word for (word,) in cursor.fetchall()]


@kept(seconds=KEPT_SECONDS)
def _neighbours(given: str) -> tuple[Near, float, float]:
    """(Words near to one, in how many wordings they stand in all, how many there are at most).

    Args:
        given: the word's vector as text.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.key, n.similarity, k.wordings, (select max(wordings) from search_word) from ("
            " select key, 1 - (vector <=> %s::halfvec(512)) as similarity from search_wordvector"
            f" order by vector <=> %s::halfvec(512) limit {NEIGHBOURS}) n join search_word k on k.key = n.key",
            [given, given],
        )
        rows = cursor.fetchall()
    near = {key: (similarity - LEAST) / (1 - LEAST) for key, similarity, _n, _most in rows if similarity > LEAST}
    said = sum(near[key] ** 2 * number for key, _similarity, number, _most in rows if key in near)
    return near, said, float(rows[0][3]) if rows else 1.0


def words_of_versions(versions: Sequence[int]) -> dict[int, list[str]]:
    """Version -> all words of its wordings, as the list has them.

    Args:
        versions: their ids.
    """
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select version_id, tsvector_to_array(words) from search_wording where version_id = any(%s)",
            [list(versions)],
        )
        for version, words in cursor.fetchall():
            found.setdefault(version, []).extend(words)
    return found
