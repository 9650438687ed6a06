"""Names of actors: which one to show to a reader, and when two spellings are the same.

Spellings are compared by a key without case, accents and punctuation ("EE. UU." and "EEUU" are one).
Plain functions over dictionaries; nothing here reads the database.
"""

import re
import unicodedata

from minga.design.languages import wording_for

FALLBACK = ("es", "en", "fr", "pt")
_PARENTHESIS = re.compile(r"\(([^()]{2,20})\)\s*$")


def key_of(text: str) -> str:
    """The form in which spellings are compared: letters and digits only, lower case, without accents."""
    # Folded twice: some signs become capitals only when they are taken apart (mathematical letters).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def in_language(texts: dict[str, str], language: str) -> tuple[str, str]:
    """The name for a reader and the language it is in; where hers is missing, the region's first language.

    Args:
        texts: language -> name.
        language: the reader's language code.
    """
    return wording_for(texts, language, FALLBACK)


def spellings(name: str) -> list[str]:
    """The name as given and, for "Long name (ACRONYM)", the long name alone. The acronym alone is not enough:
    "Refugio Nueva Vida (OIM)" is not the OIM."""
    given = name.strip()
    long_name = _PARENTHESIS.sub("", given).strip()
    return [given, long_name] if long_name and long_name != given else [given]
