"""What texts name whatever their language: countries, agencies, names, years and other numbers.

Countries are known by their names and aliases (actors), by their people (“guatemalteca”, “guatémaltèque”) and by
cities and regions (`data/places.json`); numbers by their value, in digits or in words. What is given beside a text
(places, dates, actors) counts as named.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from minga.duplicates.numerals import IN_NUMBERS, TOKEN, Reading, fold

DATA = Path(__file__).parent / "data"
ACTORS = Path(__file__).parents[1] / "actors" / "data"
LONGEST = 12_000  # characters of a text that are read: some five pages
SHORTEST_NAME = 3
FIRST_YEAR, LAST_YEAR = 1940, 2060
IN_TITLE = 2  # how often a country counts that the title names
WORD = re.compile(r"[^\W\d_]+")
_ENDS = frozenset('.!?…:;¿¡«»“”"()\n')
# Capitalised, and no names: English months, days and languages, and what titles of bodies share.
_NO_NAMES = frozenset((DATA / "no_names.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Facts:
    """What one text names."""

    countries: Counter[str] = field(default_factory=Counter)  # ISO alpha-3 -> how often
    names: frozenset[str] = frozenset()  # written with a capital within a sentence, without accents
    capitals: frozenset[str] = frozenset()  # these, and what begins sentences
    agencies: frozenset[str] = frozenset()  # short names of known bodies
    years: frozenset[int] = frozenset()
    numbers: frozenset[float] = frozenset()
    words: int = 0  # of title and summary

    def tokens(self) -> Iterator[str]:
        """What can be rare or usual among texts, by kind."""
        yield from self.names
        yield from (f"@{each}" for each in self.agencies)
        yield from (f"#{each:g}" for each in (*self.years, *self.numbers))


def facts_of(
    title: str, summary: str = "", further: Iterable[str] = (), *, places: Sequence[str] = (), dates: Sequence[str] = (),
    actors: Sequence[str] = (),
) -> Facts:  # fmt: skip
    """What a text names.

    Args:
        title: counts more where countries are named.
        summary: of the effort.
        further: results, lessons and the like.
        places: ISO alpha-3 codes that are given beside it.
        dates: partial dates that are given beside it.
        actors: names of those who do it.
    """
    countries: Counter[str] = Counter(dict.fromkeys(places, IN_TITLE))
    names: set[str] = set()
    capitals: set[str] = set()
    agencies: set[str] = set()
    values: set[float] = {float(date[:4]) for date in dates if date[:4].isdigit()}
    for text, weight in [(title, IN_TITLE), *((each, 1) for each in (summary, *further, *actors))]:
        read = _read(text[:LONGEST])
        for code in read.countries:
            countries[code] += weight
        names |= read.names
        capitals |= read.capitals
        agencies |= read.agencies
        values |= read.numbers
    years = frozenset(int(each) for each in values if each.is_integer() and FIRST_YEAR <= each <= LAST_YEAR)
    return Facts(
        countries, frozenset(names), frozenset(capitals), frozenset(agencies), years,
        frozenset(each for each in values if each not in years), len(title.split()) + len(summary.split()),
    )  # fmt: skip


@dataclass
class _Read:
    """What one text names."""

    countries: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    numbers: set[float] = field(default_factory=set)


class _Word(NamedTuple):
    """A word as far as it may name something."""

    folded: str
    in_numbers: bool
    people: str  # code of the country whose people it names
    begins: tuple[int, ...]  # of how many words names are that begin with it, the most first
    is_capital: bool


def _read(text: str) -> _Read:
    read, number = _Read(), Reading()
    words: list[_Word] = []
    written: list[str] = []
    telling: list[tuple[int, bool]] = []  # places of words that may name something; whether each begins a sentence
    begins = True
    for token in TOKEN.findall(text):
        if token[0].isalpha():
            word = _word(token)
            if word.in_numbers:
                read.numbers.update(number.on(token))
            elif number.is_open:
                read.numbers.update(number.ended())
            if word.is_capital or word.people:
                telling.append((len(words), begins))
            words.append(word)
            written.append(token)
            begins = False
        elif token[0].isdigit():
            read.numbers.update(number.on(token))
            begins = False
        else:
            begins = begins or token in _ENDS
            if number.is_open:
                read.numbers.update(number.ended())
    read.numbers.update(number.ended())
    _take_names(read, words, written, telling)
    return read


def _take_names(read: _Read, words: list[_Word], written: list[str], telling: list[tuple[int, bool]]) -> None:
    until = 0
    for at, begins in telling:
        if at < until:
            continue
        word = words[at]
        for length in word.begins if word.is_capital else ():
            found = _known()[0].get(tuple(each.folded for each in words[at : at + length]))
            if found and (not found.exact or written[at].isupper()):
                read.countries += found.countries if len(found.countries) == 1 else []  # San Fernando is a city of two
                read.agencies |= found.agencies
                until = at + length
                if found.is_city:
                    read.names.add(" ".join(each.folded for each in words[at:until]))
                break
        else:
            if word.people:
                read.countries.append(word.people)
            elif word.is_capital and len(word.folded) >= SHORTEST_NAME and word.folded not in _NO_NAMES:
                read.capitals.add(word.folded)
                if not begins or (written[at].isupper() and len(written[at]) > 2):
                    read.names.add(word.folded)
    read.capitals |= read.names


@lru_cache(maxsize=100_000)
def _word(token: str) -> _Word:
    folded = fold(token)
    return _Word(folded, folded in IN_NUMBERS, _people_of(folded), _known()[1].get(folded, ()), token[0].isupper())


@dataclass
class _Known:
    """What some words name."""

    countries: list[str] = field(default_factory=list)
    agencies: set[str] = field(default_factory=set)
    is_city: bool = False  # or a region: a name like others, too
    exact: bool = False  # in capitals only: "US" is a country, "us" is not


@cache
def _known() -> tuple[dict[tuple[str, ...], _Known], dict[str, tuple[int, ...]]]:
    """Words, folded, -> what they name; and first word -> how many words that takes, the most first."""
    found: dict[tuple[str, ...], _Known] = {}

    def add(name: str, *, country: str = "", agency: str = "", is_city: bool = False) -> None:
        words = tuple(fold(each) for each in WORD.findall(name))
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        is_city = is_city and words not in found  # “Estados Unidos” is no city
        each = found.setdefault(words, _Known())
        each.is_city = is_city or each.is_city
        each.exact = len(words) == 1 and len(words[0]) <= 4 and name.isupper()
        if country and country not in each.countries:
            each.countries.append(country)
        if agency:
            each.agencies.add(agency)

    for each in json.loads((ACTORS / "countries.json").read_text(encoding="utf-8"))["countries"]:
        for name in {*each["names"].values(), *each["long_names"].values(), *each["aliases"]}:
            add(name.partition(" (")[0], country=each["iso3"])
    for code, told in json.loads((DATA / "places.json").read_text(encoding="utf-8")).items():
        for name in told["places"]:
            add(name, country=code, is_city=not name.isupper())
    for each in json.loads((ACTORS / "organisations.json").read_text(encoding="utf-8"))["organisations"]:
        for name in {*each["names"].values(), *each["acronyms"].values(), *each["aliases"]}:
            add(name, agency=each["slug"])
    lengths: dict[str, set[int]] = {}
    for words in found:
        lengths.setdefault(words[0], set()).add(len(words))
    return found, {first: tuple(sorted(some, reverse=True)) for first, some in lengths.items()}


@cache
def _stems() -> tuple[dict[str, str], tuple[int, ...]]:
    """Beginnings of words for a country's people -> its code; and their lengths, the longest first."""
    told = json.loads((DATA / "places.json").read_text(encoding="utf-8"))
    stems = {stem: code for code, each in told.items() for stem in each["stems"]}
    return stems, tuple(sorted({len(stem) for stem in stems}, reverse=True))


def _people_of(word: str) -> str:
    stems, lengths = _stems()
    return next((stems[word[:length]] for length in lengths if word[:length] in stems), "")
