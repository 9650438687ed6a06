"""What a person types into the search field: words, "quoted phrases", and filters as country:COL or -objective:6.

Nothing that is typed is an error: what cannot be understood is searched as words, and said.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from minga.registry.counts import FACETS
from minga.registry.lists import exists, spelled

LONGEST = 2_000  # characters that are read; nobody types more, and a document is not a query
MOST_WORDS = 40
# Typographic signs, as wordings are read (migrations/0006_signs_between_words.py): what quotes is a quotation mark, the
# others end a word.
BETWEEN_WORDS = "‹›‘’‚‛′″´¿¡–—―−‐‑…·•†‡°ºª§©®™\u00a0\u2007\u2009\u200a\u200b\u202f\u2028\u2029\ufeff"
_PLAIN = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys(BETWEEN_WORDS, " "))
_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"|(\S+))')
_RANGE = re.compile(r"([12]\d{3})?\.\.([12]\d{3})?")
# Names of filters in the four languages, without accents.
NAMES = {
    "country": ("country", "pais", "pays"), "objective": ("objective", "objetivo", "objectif"),
    "kind": ("kind", "tipo", "clase", "type"), "language": ("language", "idioma", "langue", "lingua"),
    "year": ("year", "ano", "annee"), "population": ("population", "poblacion", "populacao"),
    "level": ("level", "nivel", "niveau"), "principle": ("principle", "principio", "principe"),
    "progress": ("progress", "avance", "progres", "progresso"),
}  # fmt: skip
_FACET_OF = {name: facet for facet, names in NAMES.items() for name in names}
YEARS = (1900, 2100)


@dataclass(frozen=True)
class Query:
    """A query as it was understood."""

    typed: str = ""
    words: str = ""  # what is left when filters are taken out; quoted phrases are in it without their quotes
    phrases: tuple[str, ...] = ()  # must stand in the text as they are
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.chosen or self.excluded)


def read(typed: str) -> Query:
    """Understand what was typed."""
    text = "".join(sign if sign.isprintable() else " " for sign in typed[:LONGEST].translate(_PLAIN))
    words: list[str] = []
    phrases: list[str] = []
    chosen: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    odd: list[str] = []
    for minus, name, quoted, plain in _TOKEN.findall(text):
        facet = _FACET_OF.get(_plain(name)) if name else None
        value = quoted or plain
        if facet is None:
            _take_words(minus, name, quoted, plain, words, phrases)
            continue
        values = _values(facet, value)
        good = [each for each in values if exists(facet, each)]
        if len(good) < len(values) or not good:
            odd.append(f"{minus}{name}:{value}"[:60])
        if good:
            (excluded if minus else chosen).setdefault(facet, []).extend(good)
    return Query(
        typed.strip()[:LONGEST], " ".join(words[:MOST_WORDS]), tuple(phrases),
        {facet: tuple(dict.fromkeys(values)) for facet, values in chosen.items()},
        {facet: tuple(dict.fromkeys(values)) for facet, values in excluded.items()}, tuple(odd[:10]),
    )  # fmt: skip


def write(query: Query) -> str:
    """A query as one types it: so the page teaches the grammar to whoever clicks filters."""
    quoted = [f'"{phrase}"' for phrase in query.phrases]
    rest = query.words
    for phrase in query.phrases:
        rest = rest.replace(phrase, "", 1)
    filters = [f"{facet}:{_written(facet, values)}" for facet, values in query.chosen.items()]
    filters += [f"-{facet}:{_written(facet, values)}" for facet, values in query.excluded.items()]
    return " ".join(part for part in (*quoted, " ".join(rest.split()), *filters) if part)


def _written(facet: str, values: tuple[str, ...]) -> str:
    """Values as they are typed; years in a row as a range."""
    if facet == "year" and len(values) > 2 and all(value.isdigit() for value in values):
        years = sorted(map(int, values))
        if years == list(range(years[0], years[-1] + 1)):
            return f"{years[0]}..{years[-1]}"
    return ",".join(values)


def _take_words(minus: str, name: str, quoted: str, plain: str, words: list[str], phrases: list[str]) -> None:
    if quoted.strip():
        words.append(quoted.strip())
        phrases.append(quoted.strip())
    elif plain:
        words.append(f"{minus}{name + ':' if name else ''}{plain}".strip('"'))


def _values(facet: str, value: str) -> list[str]:
    if facet == "year" and (found := _RANGE.fullmatch(value)) and any(found.groups()):
        first, last = int(found[1] or YEARS[0]), int(found[2] or YEARS[1])
        return [str(year) for year in range(first, min(last, first + 300) + 1)]
    return [spelled(facet, each) for each in value.split(",") if each]


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


assert set(NAMES) == set(FACETS)  # noqa: S101  (a facet that the grammar does not know could be clicked but not typed)
