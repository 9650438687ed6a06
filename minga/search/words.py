"""Finds by words: in the query's language by stems, and names, acronyms and numbers as they are in any language.

How rare a word is comes from the list of public words (wordlist.py), so that no weight betrays what is not public; a
word that is not in it is counted among what the person may read.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from minga.search.filtering import Filters

SAID = 200  # matches that are weighed
MOST_COUNTED = 1_000  # a word that is not in the list is counted so far
MOST_LEXEMES = 24  # that are weighed; of longer texts the rarest
FREQUENT = 2_000  # wordings; a match by one word that is more frequent than that is looked for beside another
NEWEST = 1_000  # wordings that are weighed where the only word is so frequent
IN_TEXT = 0.75  # what a word in the text says beside one in the title

Match = tuple[int, float, tuple[str, ...]]  # version, share of what the words say together, those that match


@dataclass(frozen=True)
class Lexemes:
    """What a text is made of, for one full-text configuration."""

    numbers: dict[str, int] = field(default_factory=dict)  # lexeme -> in how many wordings it stands, rarest first
    among: int = 1  # so many are there at most

    def weight(self, lexeme: str) -> float:
        """How much it says: inverse document frequency."""
        number = self.numbers[lexeme]
        return math.log(1 + (max(self.among, number) - number + 0.5) / (number + 0.5))

    def __bool__(self) -> bool:
        return bool(self.numbers)


def matches(text: str, *, language: str, filters: Filters, but: Sequence[str] = ()) -> tuple[list[Match], list[str]]:
    """Versions whose wording in a language holds words of a text, and the lexemes that were looked for.

    Args:
        text: what is looked for.
        language: of it; "" looks for the words as they are, in wordings of any language.
        filters: which versions may be found.
        but: languages whose wordings are left out.
    """
    column, configuration = ("text", language) if language else ("words", "")
    lexemes = _lexemes(text, column, configuration)
    return (_weighed(column, lexemes, filters, language, but) if lexemes else []), list(lexemes.numbers)


def _lexemes(text: str, column: str, language: str) -> Lexemes:
    """The lexemes of a text and how rare they are."""
    configuration = "search_configuration(%(language)s)" if language else "'minga_words'::regconfig"
    with connection.cursor() as cursor:
        cursor.execute(
            "select l, max(k.wordings), (select max(wordings) from search_word)"
            " from (select distinct token from ts_parse('default', %(text)s) where token ~ '\\w') t"
            f" cross join lateral unnest(tsvector_to_array(to_tsvector({configuration}, t.token))) l"
            " left join search_word k on k.key = lower(unaccent(t.token)) group by l",
            {"text": text, "language": language},
        )
        rows = cursor.fetchall()
        unknown = [lexeme for lexeme, number, _most in rows if number is None][:MOST_LEXEMES]
        counted = _counted(cursor, unknown, column, language)
    most = max([1, *(most or 0 for _lexeme, _number, most in rows[:1]), *counted.values()])
    numbers = {lexeme: counted.get(lexeme, 0) if number is None else number for lexeme, number, _most in rows}
    rarest = sorted(numbers, key=lambda lexeme: (numbers[lexeme], lexeme))[:MOST_LEXEMES]
    return Lexemes({lexeme: numbers[lexeme] for lexeme in rarest}, most)


def _counted(cursor, lexemes: list[str], column: str, language: str) -> dict[str, int]:
    """How many wordings that the person may read hold each lexeme, up to a thousand."""
    if not lexemes:
        return {}
    where = "and w.language = %(language)s" if language else ""
    cursor.execute(
        f"select l, (select count(*) from (select 1 from search_wording w where w.{column} @@ quote_literal(l)::tsquery"
        f" {where} limit {MOST_COUNTED}) n) from unnest(%(lexemes)s::text[]) l",
        {"lexemes": lexemes, "language": language},
    )
    return dict(cursor.fetchall())


def _weighed(column: str, lexemes: Lexemes, filters: Filters, language: str, but: Sequence[str]) -> list[Match]:
    """Those that hold most of what the words say."""
    names = list(lexemes.numbers)
    within, parameters = filters.within("w.version_id")
    # Not as the index on versions and languages has it: half of all wordings are of one language.
    where = " and w.language || '' = %s" if language else " and w.language <> all (%s)" if but else ""
    of_language = [language] if language else [list(but)] if but else []
    either = " | ".join(map(_quoted, names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select f.version_id, {_flags('f', column)} from ("
            f" select w.version_id, w.{column} from ("
            f"  select w.version_id, w.{column} from search_wording w where w.{column} @@ %s::tsquery{where}{within}"
            f"  {_newest(lexemes)}) w"
            f" order by ts_rank(w.{column}, %s::tsquery) desc, w.version_id limit {SAID}) f",
            [*_flagged(names), _driving(lexemes), *of_language, *parameters, either],
        )
        rows = cursor.fetchall()
    return _shares(lexemes, rows)


def _flags(table: str, column: str) -> str:
    """SQL of which words a wording holds, anywhere and in its title; it takes what `_flagged` gives."""
    holds = f"array(select {table}.{column} @@ q::tsquery from unnest(%s::text[]) q)"
    return f"{holds}, {holds}"


def _flagged(names: Sequence[str]) -> list[list[str]]:
    return [[*map(_quoted, names)], [f"{_quoted(name)}:A" for name in names]]


def _shares(lexemes: Lexemes, rows: Iterable[tuple[int, list[bool], list[bool]]]) -> list[Match]:
    """What each wording says of what the words say together."""
    names = list(lexemes.numbers)
    weights = [lexemes.weight(name) for name in names]
    in_all = sum(weights) or 1.0
    found = []
    for version, anywhere, in_title in rows:
        share = sum(
            weight * (1.0 if titled else IN_TEXT)
            for weight, there, titled in zip(weights, anywhere, in_title, strict=True)
            if there
        )
        found.append((version, share / in_all, tuple(n for n, there in zip(names, anywhere, strict=True) if there)))
    return found


def _driving(lexemes: Lexemes) -> str:
    """What a match must hold: any of the words; where frequent ones are among them, a rare one or the two rarest together.

    A match by one of several frequent words says nearly nothing, and there may be tens of thousands of them.
    """
    names = list(lexemes.numbers)
    frequent = [name for name in names if lexemes.numbers[name] > FREQUENT]
    if not frequent or len(names) == 1:
        return " | ".join(map(_quoted, names))
    rare = names[: len(names) - len(frequent)]
    return " | ".join([*map(_quoted, rare), *([f"({_all(frequent[:2])})"] if frequent[1:] else [])])


def _newest(lexemes: Lexemes) -> str:
    """Of one word that stands nearly everywhere only so many wordings are weighed: all say as much."""
    numbers = list(lexemes.numbers.values())
    return f"order by w.version_id desc limit {NEWEST}" if len(numbers) == 1 and numbers[0] > FREQUENT else ""


def _all(names: Iterable[str]) -> str:
    return " & ".join(map(_quoted, names))


def _quoted(lexeme: str) -> str:
    """A lexeme as tsquery reads it, whatever signs it holds."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def holding(phrases: Iterable[str], *, filters: Filters, most: int) -> set[int]:
    """Versions that hold all of some phrases as they are.

    Args:
        phrases: what must stand in the text.
        filters: which versions may be found.
        most: at most so many.
    """
    wanted = list(phrases)
    within, parameters = filters.within("w.version_id")
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct w.version_id from search_wording w where "
            + " and ".join("w.words @@ phraseto_tsquery('minga_words', %s)" for _ in wanted)
            + f"{within} limit {most}",
            [*wanted, *parameters],
        )
        return {version for (version,) in cursor.fetchall()}
