"""What is coded: the texts of a record, its sentences, its language."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

LONGEST = 12_000  # characters of a field that are read: some five pages; what comes after says nothing new
MOST_SENTENCES = 120  # of a record
LANGUAGES = ("en", "es", "fr", "pt")
FURTHER = ("results", "lessons", "replication", "innovation")  # fields that evidence may be taken from, too
# Words that one of the languages has and the others do not, or seldom. After unaccenting.
TELLING = {
    "en": {"the", "and", "of", "to", "for", "with", "that", "are", "is", "from", "by", "their", "who", "in"},
    "es": {"el", "los", "las", "del", "y", "con", "una", "en", "es", "su", "sus", "quienes", "por", "que"},
    "fr": {"le", "les", "des", "et", "du", "est", "une", "pour", "dans", "aux", "sur", "qui", "au", "avec"},
    "pt": {"os", "do", "da", "dos", "das", "e", "em", "com", "uma", "para", "ao", "que", "nao", "no", "na"},
}


@dataclass(frozen=True)
class Text:
    """A record as far as coding reads it."""

    title: str
    summary: str = ""
    language: str = ""  # es, en, fr, pt; another or an empty one is guessed
    further: tuple[str, ...] = ()  # results, lessons and the like

    @property
    def whole(self) -> str:
        """Title and summary as one passage, as search embeds them."""
        return f"{self.title}\n{self.summary}".strip()

    @cached_property
    def spoken(self) -> str:
        """Its language; "" where none is told apart."""
        return self.language if self.language in LANGUAGES else guess_language(self.whole)

    @cached_property
    def sentences(self) -> list[str]:
        """Sentences of summary and further texts, each literally as it stands there; without any, the title."""
        found = [each for field in (self.summary, *self.further) for each in sentences_of(field)]
        return found[:MOST_SENTENCES] or [each for each in [self.title.strip()] if each]


def text_of(row: Mapping[str, Any]) -> Text:
    """From a line in the form of `minga import`, or one with title and summary only.

    Args:
        row: its fields; texts or lists of texts.

    Raises:
        ValueError: there is no text, or a field is none.
    """
    title, summary, language = (row.get(name) or "" for name in ("title", "summary", "lang"))
    if not all(isinstance(each, str) for each in (title, summary, language)):
        raise ValueError(_("title, summary and lang have to be texts"))
    further: list[str] = []
    for name in FURTHER:
        value = row.get(name) or []
        further += [each for each in ([value] if isinstance(value, str) else value) if isinstance(each, str)]
    if not (title.strip() or summary.strip()):
        raise ValueError(_("there is neither a title nor a summary"))
    return Text(title[:LONGEST], summary[:LONGEST], language[:2].lower(), tuple(each[:LONGEST] for each in further))


def sentences_of(text: str) -> Iterator[str]:
    """Sentences as they stand in a text. Abbreviations with a point may cut one short: it stays literal all the same."""
    for line in text.splitlines():
        for each in re.split(r"(?<=[.!?…])[»”\"']?\s+(?=[^\Wa-z_]|[«“\"'¿¡])", line):
            if each.strip():
                yield each.strip()


def words_of(text: str) -> list[str]:
    """Lower-case words without accents: "l’enfance" is two."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return re.findall(r"[a-z0-9]+", "".join(each for each in folded if not unicodedata.combining(each)))


def guess_language(text: str) -> str:
    """The language whose telling words a text holds most of; "" where two are level or there are none."""
    words = words_of(text[:2_000])
    counts = sorted(((sum(word in telling for word in words), code) for code, telling in TELLING.items()), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else ""
