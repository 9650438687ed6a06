"""What is compared with the records there are: a line of a file, what stands in a form, a version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from minga.classification.texts import sentences_of
from minga.duplicates.facts import Facts, facts_of
from minga.language.encoders import LONGEST as LONGEST_PASSAGE
from minga.registry.catalogue import fields_of
from minga.registry.kinds import Kind
from minga.registry.models import Version
from minga.registry.queries import values_of

LONGEST = 12_000  # characters of a field that are read: some five pages; what comes after says nothing new
MOST_SENTENCES = 12  # of a candidate that are compared one by one: each is embedded
MOST_ACTORS = 30
SHORTEST_SENTENCE = 20  # characters; below, it says too little
_ACTORS = ("actor", "co_actors", "partners", "donors")


@dataclass(frozen=True)
class Candidate:
    """A text that may tell of an effort that is recorded already, with what is given beside it."""

    title: str
    summary: str = ""
    further: tuple[str, ...] = ()  # results, lessons and the like
    places: tuple[str, ...] = ()  # ISO alpha-3
    dates: tuple[str, ...] = ()  # partial dates
    actors: tuple[str, ...] = ()  # names of those who do it
    populations: tuple[str, ...] = ()  # codes
    language: str = ""
    record: int | None = None  # its own record, which it is not compared with
    version: int | None = None  # its version, whose vector is there already if it is listed

    @property
    def whole(self) -> str:
        """Title and summary as one passage, as search embeds them."""
        return f"{self.title}\n{self.summary}".strip()[:LONGEST_PASSAGE]

    @property
    def says_something(self) -> bool:
        """Whether there is a text at all."""
        return any(each.isalpha() for each in self.whole)

    @cached_property
    def sentences(self) -> list[str]:
        """Sentences of the summary, each literally as it stands there; without any, the title."""
        found = [each for each in sentences_of(self.summary) if len(each) >= SHORTEST_SENTENCE]
        return found[:MOST_SENTENCES] or [each for each in [self.title.strip()] if each]

    @cached_property
    def facts(self) -> Facts:
        """What it names."""
        return facts_of(
            self.title, self.summary, self.further, places=self.places, dates=self.dates, actors=self.actors
        )


def of_values(values: Mapping[str, Any], *, kind: str = Kind.PRACTICE, record: int | None = None) -> Candidate:
    """From values by the catalogue's names, read or only typed so far; what has another shape is left out.

    Args:
        values: of a form's fields, a line's or a version's.
        kind: of the record, which says what its further texts are.
        record: the id of its own record, if it has one.
    """
    further = [
        text for each in fields_of(kind) if each.translatable and each.name not in ("title", "summary")
        for text in _texts(values.get(each.name))
    ]  # fmt: skip
    return Candidate(
        "".join(_texts(values.get("title"))[:1]), "".join(_texts(values.get("summary"))[:1]), tuple(further),
        tuple(code.upper() for code in _texts(values.get("countries")) if len(code) == 3),
        tuple(_texts(values.get("start")) + _texts(values.get("end"))),
        tuple(name for each in _ACTORS for name in _texts(values.get(each)))[:MOST_ACTORS],
        tuple(_texts(values.get("populations"))), "".join(_texts(values.get("lang"))[:1]), record,
    )  # fmt: skip


def of_version(version: Version) -> Candidate:
    """From a version, draft or listed; its own record is left out.

    Args:
        version: with its participations.
    """
    found = of_values(values_of(version), kind=version.kind, record=version.record_id)
    return replace(found, version=version.pk)


def of_row(row: Mapping[str, Any]) -> Candidate:
    """From a line in the form of `minga import`, or one with a title and a summary (or text) alone.

    Args:
        row: its fields; `country` may stand for `countries`.

    Raises:
        ValueError: there is no text, or one is none.
    """
    values = dict(row)
    values.setdefault("summary", row.get("text"))
    values.setdefault("countries", row.get("country"))
    if not all(isinstance(values.get(name) or "", str) for name in ("title", "summary")):
        raise ValueError(_("title and summary have to be texts"))
    kind = row.get("kind")
    found = of_values(values, kind=kind if kind in Kind.values else Kind.PRACTICE)
    if not found.says_something:
        raise ValueError(_("there is neither a title nor a summary"))
    return found


def _texts(value: Any) -> list[str]:
    """The texts in a value, each as far as it is read."""
    given = value if isinstance(value, list) else [value]
    return [each.strip()[:LONGEST] for each in given if isinstance(each, str) and each.strip()]
