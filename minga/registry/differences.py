"""What changed between two versions: words, not lines, field by field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from minga.registry.catalogue import Field, Shape, fields_of
from minga.registry.models import Version
from minga.registry.queries import values_of

KEPT, GONE, NEW = "kept", "gone", "new"
_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
_TEXTS = (Shape.LINE, Shape.TEXT, Shape.TEXTS, Shape.ACTOR, Shape.ACTORS, Shape.ADDRESS, Shape.ADDRESSES)
# Beyond so many words a paragraph is compared whole: the comparison of words grows with their square.
MOST_WORDS = 4_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field that differs."""

    field: Field
    pieces: list[Piece]  # of a text
    before: Any = None  # of anything else
    after: Any = None

    @property
    def is_text(self) -> bool:
        """Whether it is shown word by word."""
        return bool(self.pieces)


def between(old: Version | None, new: Version) -> list[Change]:
    """The fields that differ, in the catalogue's order.

    Args:
        old: the earlier version; None when there is none (then all is new).
        new: the later one.
    """
    before, after = (values_of(old) if old else {}), values_of(new)
    return [
        _change(each, before.get(each.name), after.get(each.name))
        for each in fields_of(new.kind)
        if before.get(each.name) != after.get(each.name)
    ]


def _change(each: Field, before: Any, after: Any) -> Change:
    if each.shape in _TEXTS:
        return Change(each, list(words(_as_text(before), _as_text(after))))
    return Change(each, [], before, after)


def _as_text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def words(before: str, after: str) -> Iterable[Piece]:
    """Two texts as one row of pieces.

    Args:
        before: the earlier text.
        after: the later one.

    Returns:
        pieces in reading order: those kept and gone make the earlier text, those kept and new the later one.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(KEPT, "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Piece(GONE, "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece(NEW, "".join(new[new_from:new_to]))


def worth_comparing(version: Version, versions: list[Version]) -> Version | None:
    """The version that a reader compares with: the one that was listed before, else the one just before."""
    earlier = [each for each in versions if each.number < version.number]
    listed = (each for each in earlier if each.is_listed or each.state in ("replaced", "archived", "merged"))
    return next(listed, earlier[0] if earlier else None)
