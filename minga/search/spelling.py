"""What a mistyped word was meant to be: the most similar word of public records, whoever asks.

A word that no language has (rightwords.py) and no wording holds which the person may read is taken for a mistake, and
a word that stands in public wordings is searched in its place. People with rights to more get the same hints as visitors: the list of words is made
of public text alone, and a word is offered only while a public wording holds it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from django.db import connection

from minga.search import grammar, typing_mistakes
from minga.search.finding import LANGUAGES, guess_language
from minga.search.rightwords import right_ones
from minga.search.wordlist import LONGEST, SHORTEST

MOST_WORDS = 20  # a longer query tells a story; its meaning bears a mistake
MOST_UNKNOWN = 6
MOST_SIMILAR = 8  # words that one may have been
MOST_CHOICES = 64  # of them together in a phrase
FEW = 3  # of so few words all may be mistyped; of more, mostly unknown ones are of a language that no record has
_TOKEN = re.compile(r"\d+(?:[.,/]\d+)+|[^\W_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_COMMON = 0.1  # how much of a mistake ten times as many wordings outweigh
_NO_ACRONYM = 0.3  # what speaks against a common word where capitals were typed
_TOGETHER = 0.5  # what a word may be farther that stands in a record with the query's other words


@dataclass(frozen=True)
class Reading:
    """A query as it is searched."""

    query: grammar.Query
    meant: tuple[tuple[str, str], ...] = ()  # (word as typed, word of public records that was searched in its place)

    @property
    def typed_right(self) -> str:
        """What one would have typed, with the filters that were typed."""
        return grammar.write(replace(self.query, chosen=grammar.read(self.query.typed).chosen))


def meant(query: grammar.Query, *, language: str = "") -> Reading:
    """A query with the words that were probably meant, in place of those that no readable wording holds.

    Args:
        query: as it was understood.
        language: of the query where known; else it is guessed from its words.
    """
    words = list(dict.fromkeys(_TOKEN.findall(query.words)))
    if not words or len(words) > MOST_WORDS:
        return Reading(query)
    quoted = {word for phrase in query.phrases for word in _TOKEN.findall(phrase)}
    spoken = language or guess_language(query.words)
    unknown = _unknown([word for word in words if SHORTEST <= len(word) <= LONGEST], quoted, spoken)
    if not unknown or len(unknown) > MOST_UNKNOWN or (len(unknown) > FEW and 2 * len(unknown) > len(words)):
        return Reading(query)
    others = [word for word in words if word not in unknown]
    similar = {word: found for word, key in unknown.items() if (found := _similar(word, key, others))}
    if not similar:
        return Reading(query)
    best = {word: found[0] for word, found in similar.items()}
    for phrase in query.phrases:
        best |= _as_a_phrase(phrase, similar)
    right = replace(query, words=_with(best, query.words), phrases=tuple(_with(best, each) for each in query.phrases))
    return Reading(right, tuple(best.items()))


def _with(meant_by: Mapping[str, str], text: str) -> str:
    """A text with some words for others."""
    return _TOKEN.sub(lambda match: meant_by.get(match.group(), match.group()), text)


def _unknown(words: list[str], quoted: set[str], language: str) -> dict[str, str]:
    """Those that no language has and no wording holds which the person may read: word -> its letters without accents.

    Inside quotation marks a word must stand as it is; elsewhere another form of it will do: the same stem, or a word
    so frequent that no language searches it.
    """
    if not words:
        return {}
    codes = [language] if language in LANGUAGES else LANGUAGES
    stems = {code: f"plainto_tsquery('minga_{code}', t.word)" for code in codes}
    any_stem = " or ".join(f"w.language = '{code}' and w.text @@ {stem}" for code, stem in stems.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "select t.word, lower(unaccent(t.word)) from unnest(%s::text[], %s::bool[]) t(word, is_quoted)"
            " where not exists (select 1 from search_word k where k.key = lower(unaccent(t.word)))"
            " and not exists (select 1 from search_wording w where w.words @@ plainto_tsquery('minga_words', t.word))"
            f" and (t.is_quoted or not exists (select 1 from search_wording w where {any_stem})"
            f" and {' and '.join(f'numnode({stem}) > 0' for stem in stems.values())})",
            [words, [word in quoted for word in words]],
        )
        unknown = dict(cursor.fetchall())
    # Letters alone, and not as an acronym is written: "PALOP" is no form of a word.
    common = [word for word in unknown if word.isalpha() and not _has_capitals(word)]
    right = right_ones(common, LANGUAGES) if common else set()
    return {word: key for word, key in unknown.items() if word not in right}


def _similar(word: str, key: str, others: list[str]) -> list[str]:
    """The words that were probably meant, as records write them, best first; none where none is near enough."""
    most = typing_mistakes.bearable(key)
    if not most:
        return []
    farthest = most if any(map(str.isdigit, key)) else most + _TOGETHER
    weighed = []
    for candidate, shown, wordings in _candidates(key):
        cost = typing_mistakes.between(key, candidate)
        is_acronym = shown.isupper() and shown.isalpha()
        if cost > farthest:
            continue
        is_near = cost <= most or (cost <= 1 and is_acronym and word.isupper())
        cost += _NO_ACRONYM if _has_capitals(word) and not _has_capitals(shown) else 0
        weighed.append((cost - _COMMON * math.log10(1 + wordings), candidate, shown, is_near))
    weighed.sort()
    return _that_are_public(weighed[:MOST_SIMILAR], others) if weighed else []


def _has_capitals(word: str) -> bool:
    return sum(map(str.isupper, word)) > 1


def _candidates(key: str) -> list[tuple[str, str, int]]:
    """Words one mistake away, by their letters; and of longer ones, those that share enough threes of letters."""
    halves = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    near = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1} | {a + b[1:] for a, b in halves if b}
    near |= {a + letter + b[1:] for a, b in halves if b for letter in _LETTERS}
    near |= {a + letter + b for a, b in halves for letter in _LETTERS}
    with connection.cursor() as cursor:
        cursor.execute("select key, shown, wordings from search_word where key = any(%s)", [sorted(near)])
        found = cursor.fetchall()
        if len(key) > typing_mistakes.SHORT:
            cursor.execute("select set_config('pg_trgm.similarity_threshold', '0.2', true)")
            cursor.execute(
                "select key, shown, wordings from search_word where key %% %(key)s"
                " and length(key) between %(least)s and %(most)s order by similarity(key, %(key)s) desc, key limit 200",
                {"key": key, "least": len(key) - 2, "most": len(key) + 2},
            )
            found += cursor.fetchall()
    return list(dict.fromkeys(found))


def _that_are_public(weighed: list[tuple[float, str, str, bool]], others: list[str]) -> list[str]:
    """Those that stand in a public wording now, first what stands in one with the query's other words.

    What is not near by itself has to.
    """
    beside = " ".join(others)
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.shown from unnest(%s::float[], %s::text[], %s::text[], %s::bool[]) c(cost, key, shown, is_near),"
            " lateral (select exists (select 1 from search_wording w"
            "   where w.is_public and w.words @@ quote_literal(c.key)::tsquery) as anywhere,"
            "  %s <> '' and exists (select 1 from search_wording w where w.is_public and w.words @@"
            "   (quote_literal(c.key)::tsquery && plainto_tsquery('minga_words', %s))) as together) w"
            " where w.anywhere and (c.is_near or w.together)"
            f" order by c.cost - case when w.together then {_TOGETHER} else 0 end, c.key",
            [*map(list, zip(*weighed, strict=True)), beside, beside],
        )
        return [shown for (shown,) in cursor.fetchall()]


def _as_a_phrase(phrase: str, similar: Mapping[str, list[str]]) -> dict[str, str]:
    """Of the words that may have been meant in a quoted phrase, those with which it stands in a public wording."""
    mistaken = [word for word in dict.fromkeys(_TOKEN.findall(phrase)) if word in similar]
    choices = sorted(product(*(range(len(similar[word])) for word in mistaken)), key=sum)[:MOST_CHOICES]
    if not mistaken:
        return {}
    meant_by = [{word: similar[word][which] for word, which in zip(mistaken, each, strict=True)} for each in choices]
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.place from unnest(%s::text[]) with ordinality c(text, place) where exists (select 1"
            " from search_wording w where w.is_public and w.words @@ phraseto_tsquery('minga_words', c.text))"
            " order by c.place limit 1",
            [[_with(each, phrase) for each in meant_by]],
        )
        standing = cursor.fetchone()
    return meant_by[standing[0] - 1] if standing else {}
