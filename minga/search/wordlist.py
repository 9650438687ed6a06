"""The words of public records, for spelling hints: which there are, how they are written, in how many wordings.

Made from public wordings alone, by the worker: new ones are added each minute, and all is made anew each night. What
has left the public text in between stays in the table for that long, but is never offered: whoever takes a word from
here asks the wordings first (`spelling`).
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from django.db import connection, transaction

from minga.search.models import WordVector

AT_ONCE = 500  # words that get their vectors together
SHORTEST, LONGEST = 3, 40  # letters of a word that can be mistyped, and of one that somebody types
# Of PostgreSQL's parser: words, parts of compounds, words with digits, numbers. No addresses, mails or markup.
_TOKENS = (1, 2, 3, 7, 8, 9, 10, 11, 20, 22)

# What stands in public wordings, a row each; the same parts that search_refresh makes the full text of.
_TEXTS = """
    select w.id, concat_ws(' . ', v.title, v.summary, (
            select string_agg(e #>> '{}', ' . ') from jsonb_path_query(v.details, 'strict $.**') e
            where jsonb_typeof(e) = 'string'
        ), (select string_agg(p.name_as_given, ' . ') from registry_participation p where p.version_id = v.id)) as text
    from search_wording w join registry_version v on v.id = w.version_id and v.language = w.language
    where w.is_public and v.is_public and w.id > %(after)s
    union all
    select w.id, concat_ws(' . ', t.title, t.summary, (
            select string_agg(e #>> '{}', ' . ') from jsonb_path_query(t.details, 'strict $.**') e
            where jsonb_typeof(e) = 'string'
        ))
    from search_wording w join registry_version v on v.id = w.version_id and v.language <> w.language
    join registry_translation t on t.version_id = v.id and t.language = w.language
    where w.is_public and v.is_public and w.id > %(after)s
"""
# A word is shown as most wordings write it; of two as frequent, the one in small letters.
_ADD = f"""
insert into search_word as known (key, shown, wordings, newest)
select key, (array_agg(token order by number desc, token collate "C" desc))[1], sum(number), max(newest)
from (
    select lower(unaccent(t.token)) as key, t.token, count(*) as number, max(s.id) as newest
    from ({_TEXTS}) s, lateral (
        select distinct p.token from ts_parse('default', search_plain(s.text)) p
        where p.tokid = any (%(tokens)s) and length(p.token) between {SHORTEST} and {LONGEST}
    ) t
    group by t.token
) forms
where length(key) between {SHORTEST} and {LONGEST} and key !~ '^[0-9]{{1,4}}$'
group by key
on conflict (key) do update
    set wordings = known.wordings + excluded.wordings, newest = greatest(known.newest, excluded.newest)
"""


class WordEncoder(Protocol):
    """Makes vectors of words."""

    WORDS: str  # what they are made with

    def words(self, words: Sequence[str]) -> np.ndarray:
        """An array of shape (words, size), each row of length 1."""


def follow() -> int:
    """Add the words of wordings that came since; returns how many words were added or counted on. As the worker."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(newest), 0) from search_word")
        return _add(cursor, after=cursor.fetchone()[0])


@transaction.atomic
def renew() -> int:
    """Make the list anew from what is public now; returns how many words it has. As the worker."""
    with connection.cursor() as cursor:
        cursor.execute("delete from search_word")
        made = _add(cursor, after=0)
        _forget_vectors(cursor)
        return made


def forget_vanished() -> int:
    """Take out at once what stands in no public wording any more (after a redaction); returns how many words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from search_word k where not exists (select 1 from search_wording w"
            " where w.is_public and w.words @@ quote_literal(k.key)::tsquery)"
        )
        gone = cursor.rowcount
        _forget_vectors(cursor)
        return gone


def embed(encoder: WordEncoder, *, turn: Callable[[], AbstractContextManager]) -> int:
    """Give the words that have none their vectors; returns how many. As the worker.

    Args:
        encoder: that makes them.
        turn: makes the context of one transaction, in which all is seen.
    """
    done = 0
    while True:
        with turn(), connection.cursor() as cursor:
            cursor.execute("delete from search_wordvector where made_with <> %s", [encoder.WORDS])
            cursor.execute(
                "select key, lower(shown) from search_word k where not exists (select 1 from search_wordvector v"
                " where v.key = k.key) and key !~ '^[0-9.,/]+$' order by wordings desc, key limit %s", [AT_ONCE],
            )  # fmt: skip
            waiting = cursor.fetchall()
            if not waiting:
                return done
            vectors = encoder.words([shown for _key, shown in waiting])
            WordVector.objects.bulk_create(
                [WordVector(key=key, made_with=encoder.WORDS, vector=vector)
                 for (key, _shown), vector in zip(waiting, vectors, strict=True)], ignore_conflicts=True,
            )  # fmt: skip
        done += len(waiting)


def _forget_vectors(cursor) -> None:
    cursor.execute("delete from search_wordvector v where not exists (select 1 from search_word k where k.key = v.key)")


def _add(cursor, *, after: int) -> int:
    cursor.execute(_ADD, {"after": after, "tokens": list(_TOKENS)})
    return cursor.rowcount
