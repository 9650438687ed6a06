"""Words by which a text says whom it is about and what kind of help it asks for or gives, in four languages."""

import json
from functools import cache
from pathlib import Path

from minga.classification.lexicon import Lexicon, Term

FILE = Path(__file__).parent / "data" / "terms.json"


@cache
def _shipped() -> dict[str, tuple[Lexicon, tuple[str, ...]]]:
    """Kind -> its terms, and the codes that they stand for."""
    found = {}
    for kind, codes in json.loads(FILE.read_text(encoding="utf-8")).items():
        terms = [
            Term(place, language, tuple(pattern.split()), 1.0)
            for place, languages in enumerate(codes.values())
            for language, patterns in languages.items()
            for pattern in patterns
        ]
        found[kind] = Lexicon(terms), tuple(codes)
    return found


def codes_in(kind: str, text: str, language: str) -> dict[str, int]:
    """Code -> how often its terms stand in a text, those alone that do.

    Args:
        kind: "populations" or "help_kinds".
        text: as it is written.
        language: its own; in another than the four nothing is found.
    """
    lexicon, codes = _shipped()[kind]
    found: dict[str, int] = {}
    for place, times in lexicon.hits(text, language).items():
        code = codes[lexicon.terms[place].label]
        found[code] = found.get(code, 0) + times
    return found
