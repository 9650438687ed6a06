"""What a page shows of matches: for a need what may answer it, for an offer the needs that it may answer.

Made anew at each look, of what the database lets the person read, by the encoder of this machine; kept nowhere.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language

from minga.actors import grants
from minga.language import process
from minga.matching import matching, reading
from minga.matching.matching import Match
from minga.matching.reading import ByProcess, Reading
from minga.matching.stories import LANGUAGES, Story, story_of
from minga.registry import queries
from minga.registry.kinds import Kind
from minga.registry.models import Version

SHOWN = {Kind.NEED: 8, Kind.OFFER: 8}
FEW = 3  # beside the form
LEAST = 0.05  # of what is shown; what is less likely would only be read in vain


class Standing(StrEnum):
    """Whether there are matches."""

    READY = "ready"
    NOTHING = "nothing"  # the story says nothing
    NONE = "none"  # nothing is likely enough
    LATER = "later"  # the encoder does not answer, and no words are shared either
    ONLY_WORDS = "only_words"


@dataclass(frozen=True)
class Matches:
    """What a page shows."""

    kind: str
    standing: Standing
    matches: list[Match] = field(default_factory=list)
    is_thin: bool = False
    is_title_alone: bool = False
    is_unknown_language: bool = False
    is_cut: bool = False

    @property
    def rows(self) -> list[tuple[Match, queries.Row]]:
        """Each match with its record as lists show it, in the reader's language."""
        known = {
            row.version.pk: row for row in queries.in_rows([each.version for each in self.matches], get_language())
        }
        return [(each, known[each.version.pk]) for each in self.matches]


def may_be_matched(version: Version) -> bool:
    """Whether the current person is shown matches of a version that she may read: of needs, and of her own offers."""
    return version.kind == Kind.NEED or (version.kind == Kind.OFFER and version.owner_id in grants.own_actors())


def matches_for(version: Version, *, most: int | None = None) -> Matches:
    """The matches of a need or an offer.

    Args:
        version: that the current person may read.
        most: at most so many.
    """
    story = story_of(version)
    if story.says_nothing:
        return Matches(version.kind, Standing.NOTHING, is_thin=True)
    read = _read(story)
    limit = most or SHOWN[Kind(version.kind)]
    if version.kind == Kind.NEED:
        found = matching.answers_to(read, limit=limit)
    else:
        found = matching.needs_for(read, limit=limit)
    found = [each for each in found if each.probability is None or each.probability >= LEAST]
    if read.whole is None:
        standing = Standing.ONLY_WORDS if found else Standing.LATER
    else:
        standing = Standing.READY if found else Standing.NONE
    return Matches(version.kind, standing, found, **_remarks(story))


def _read(story: Story) -> Reading:
    """With vectors where this machine's encoder answers and there is something to compare with."""
    if not reading.is_possible():
        return reading.by_words_alone(story)
    try:
        return reading.read(story, ByProcess())
    except process.Away:
        return reading.by_words_alone(story)


def _remarks(story: Story) -> dict[str, Any]:
    return {
        "is_thin": story.is_thin, "is_title_alone": not story.text.strip(), "is_cut": story.is_cut,
        "is_unknown_language": story.spoken not in LANGUAGES,
    }  # fmt: skip
