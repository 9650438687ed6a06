"""What is matched: a need, or an offer, as far as matching reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from minga.classification.texts import Text, guess_language, sentences_of
from minga.matching.terms import codes_in
from minga.registry.drafts import typed_values
from minga.registry.models import Version

LANGUAGES = ("es", "en", "fr", "pt")
LONGEST = 6_000  # characters that are read: whoever needs more to say what she needs has said it by then
MOST_SENTENCES = 12
FEWEST_WORDS = 4  # of three letters and more; with fewer nothing is said that could be answered
TEXTS = {"need": ("summary", "context", "tried"), "offer": ("summary", "context", "conditions")}
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Story:
    """A need or an offer."""

    title: str
    text: str = ""
    language: str = ""  # "" where it is not known
    objectives: tuple[int, ...] = ()  # as its author marked them
    populations: tuple[str, ...] = ()
    help_kinds: tuple[str, ...] = ()
    level: str = ""
    places: tuple[str, ...] = ()
    is_of_region: bool = False
    is_cut: bool = False  # more stands there than is read

    @property
    def whole(self) -> str:
        """Title and text in one line."""
        return " ".join(f"{self.title}\n{self.text}".split())

    @cached_property
    def spoken(self) -> str:
        """Its language; where none is given it is guessed, "" where that fails."""
        return self.language or guess_language(self.whole)

    @cached_property
    def sentences(self) -> list[str]:
        """Its first sentences as they stand there, the title among them where there is no text."""
        found = list(sentences_of(self.text))[:MOST_SENTENCES]
        return found or [each for each in [self.title.strip()] if each]

    @property
    def says_nothing(self) -> bool:
        """Whether there is no word in it."""
        return not _WORD.search(self.whole)

    @property
    def is_thin(self) -> bool:
        """Whether it says too little for anybody to know what is asked for."""
        return len(set(_WORD.findall(self.whole.lower()))) < FEWEST_WORDS

    @cached_property
    def named(self) -> dict[str, dict[str, int]]:
        """Whom it is about and what kind of help it names, by its words: "populations" or "help_kinds" -> code -> how often."""
        return {kind: codes_in(kind, self.whole, self.spoken) for kind in ("populations", "help_kinds")}

    @property
    def for_coding(self) -> Text:
        """As coding reads it."""
        return Text(self.title, self.text, self.spoken)


def story_of(version: Version) -> Story:
    """A need's or an offer's version, drafts with what was typed and cannot be taken yet.

    Args:
        version: readable for the person.
    """
    values = typed_values(version)
    texts = [values.get(name) for name in TEXTS[version.kind]]
    return _story(
        values.get("title"), "\n".join(each for each in texts if isinstance(each, str)), version.language,
        objectives=tuple(version.objectives), populations=tuple(version.populations), level=version.level,
        help_kinds=tuple(version.details.get("help_kinds") or ()), places=tuple(version.places),
        is_of_region=version.is_of_region,
    )  # fmt: skip


def story_in(line: Mapping[str, Any]) -> Story:
    """From a line {"lang", "title", "text"} of a file.

    Args:
        line: its fields; `summary` may stand for `text`.

    Raises:
        ValueError: a field is no text, or there is none.
    """
    title, text, language = (line.get(name) or "" for name in ("title", "text", "lang"))
    text = text or line.get("summary") or ""
    if not all(isinstance(each, str) for each in (title, text, language)):
        raise ValueError(_("title, text and lang have to be texts"))
    if not isinstance(line.get("title", line.get("text", line.get("summary"))), str):
        raise ValueError(_("there is neither a title nor a text"))
    return _story(title, text, language[:2].lower())


def _story(title: Any, text: str, language: str, **more) -> Story:
    title = title if isinstance(title, str) else ""
    is_cut = len(title) + len(text) > LONGEST
    return Story(title[:500], text[:LONGEST], language, is_cut=is_cut, **more)
