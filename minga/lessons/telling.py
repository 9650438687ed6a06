"""The lessons of an objective as a page and a command show them: themes, with how much stands behind each."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from minga.lessons.gathering import Gathered, Said, gather
from minga.lessons.themes import group

LONGEST_NAME = 260  # characters
KEPT = 50  # groupings that a process keeps: passages by their keys, so that a reader's rights are part of it

_kept: "OrderedDict[tuple[str, frozenset[str]], list[tuple[str, ...]]]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Theme:
    """Passages that say much the same."""

    said: tuple[Said, ...]  # the most central first

    @property
    def central(self) -> Said:
        """The passage that the theme is named by."""
        return self.said[0]

    @property
    def is_short(self) -> bool:
        """Whether its name is the whole central passage."""
        return len(self.central.text) <= LONGEST_NAME

    @property
    def name(self) -> str:
        """The central passage, as far as it stands above the others."""
        return self.central.text if self.is_short else self.central.text[:LONGEST_NAME].rsplit(" ", 1)[0] + " …"

    @property
    def others(self) -> tuple[Said, ...]:
        """The further passages."""
        return self.said[1:]

    @property
    def records(self) -> int:
        """How many records stand behind it."""
        return len({each.version.record_id for each in self.said})

    @property
    def countries(self) -> list[str]:
        """The countries where these happened, by code."""
        return sorted({code for each in self.said for code in each.version.places})

    @property
    def languages(self) -> list[str]:
        """The passages' languages."""
        return sorted({each.language for each in self.said})

    @property
    def weight(self) -> tuple[int, int, int]:
        """What stands behind it, to be ordered by."""
        return self.records, len(self.countries), len(self.said)


@dataclass(frozen=True)
class Lessons:
    """What was learned about an objective, as far as the reader may read it."""

    objective: int
    themes: list[Theme]  # of several records, what most stand behind first
    single: list[Theme]  # said by one record alone
    waiting: int
    left_out: int

    @property
    def said(self) -> list[Said]:
        """All passages."""
        return [each for theme in (*self.themes, *self.single) for each in theme.said]

    @property
    def records(self) -> int:
        """How many records."""
        return len({each.version.record_id for each in self.said})

    @property
    def countries(self) -> list[str]:
        """The countries, by code."""
        return sorted({code for each in self.said for code in each.version.places})

    @property
    def languages(self) -> list[str]:
        """The passages' languages."""
        return sorted({each.language for each in self.said})


def lessons_of(objective: int) -> Lessons:
    """The lessons of an objective by theme.

    Args:
        objective: its number.
    """
    found = gather(objective)
    themes = [Theme(said) for said in _grouped(found)]
    themes.sort(key=lambda each: ([-part for part in each.weight], each.central.version.record_id, each.central.key))
    return Lessons(
        objective, [each for each in themes if each.records > 1], [each for each in themes if each.records == 1],
        found.waiting, found.left_out,
    )  # fmt: skip


def _grouped(found: Gathered) -> list[tuple[Said, ...]]:
    """The groups; kept for the very same passages, which whoever asks has just been shown that she may read."""
    if found.used is None:
        return []
    said = {each.key: each for each in found.said}
    known_as = (found.used.name, frozenset(said))
    with _lock:
        known = _kept.get(known_as)
    if known is None:
        keys = [each.key for each in found.said]
        made = group(found.vectors, keys, found.used.name, slope=found.used.slope, shift=found.used.shift)
        known = [tuple(keys[place] for place in each.places) for each in made]
        with _lock:
            _kept[known_as] = known
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return [tuple(said[key] for key in keys) for keys in known]


def as_values(lessons: Lessons) -> dict[str, Any]:
    """For scripts."""
    return {
        "objective": lessons.objective, "records": lessons.records, "countries": lessons.countries,
        "languages": lessons.languages, "waiting": lessons.waiting,
        "themes": [_theme(each) for each in (*lessons.themes, *lessons.single)],
    }  # fmt: skip


def _theme(theme: Theme) -> dict[str, Any]:
    return {
        "name": theme.central.text, "lang": theme.central.language, "records": theme.records,
        "countries": theme.countries, "languages": theme.languages,
        "passages": [
            {"id": each.version.record.public_id, "external_id": each.version.record.external_id,
             "kind": each.version.kind, "title": each.version.title, "lang": each.language, "text": each.text}
            for each in theme.said
        ],
    }  # fmt: skip
