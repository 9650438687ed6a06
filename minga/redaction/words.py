"""Finds a passage without keeping it: by keyed digests of windows of words.

Case, accents, punctuation, line breaks and markup between words do not matter; the words and their order do. The key is
a secret of the installation that is not in its database, so that a short passage cannot be guessed from its digest.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """A text's words, spelling aside."""
    return [_plain(match.group()) for match in _WORD.finditer(text)]


def digest_of(words: list[str], *, key: str, salt: str) -> str:
    """The keyed digest of some words in their order."""
    return hmac.new(f"{key}:{salt}".encode(), " ".join(words).encode(), hashlib.sha256).hexdigest()


def without(text: str, *, number: int, digest: str, key: str, salt: str, mark: str) -> tuple[str, int]:
    """A text without the passage.

    Args:
        text: in which to look.
        number: how many words the passage has.
        digest: of these words.
        key: the installation's secret.
        salt: of this redaction.
        mark: what stands in its place.

    Returns:
        the text, and how often the passage was found.
    """
    places = list(_places(text, number, digest, key, salt))
    for start, end in reversed(places):
        text = text[:start] + mark + text[end:]
    return text, len(places)


def _places(text: str, number: int, digest: str, key: str, salt: str) -> Iterator[tuple[int, int]]:
    matches = list(_WORD.finditer(text))
    plain = [_plain(match.group()) for match in matches]
    first = 0
    while first + number <= len(plain):
        if hmac.compare_digest(digest_of(plain[first : first + number], key=key, salt=salt), digest):
            yield matches[first].start(), matches[first + number - 1].end()
            first += number
        else:
            first += 1


def in_value(value: Any, **how) -> tuple[Any, int]:
    """The same for whatever a column holds: texts, lists and JSON are walked to their leaves."""
    if isinstance(value, str):
        return without(value, **how)
    if isinstance(value, list):
        done = [in_value(item, **how) for item in value]
        return [item for item, _count in done], sum(count for _item, count in done)
    if isinstance(value, dict):
        pairs = {name: in_value(item, **how) for name, item in value.items()}
        return {name: item for name, (item, _count) in pairs.items()}, sum(count for _item, count in pairs.values())
    return value, 0


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    return "".join(sign for sign in folded if not unicodedata.combining(sign))
