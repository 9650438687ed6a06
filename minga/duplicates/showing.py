"""Two records side by side, field by field, in the reader's language where there is a translation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language

from minga.registry import differences, queries
from minga.registry.catalogue import Field, Shape, fields_of
from minga.registry.differences import Piece
from minga.registry.models import Participation, Version

TEXTS = (Shape.LINE, Shape.TEXT, Shape.TEXTS)
# Texts that share less are different texts: marking what differs would mark all of it.
WORTH_MARKING = 0.4


@dataclass(frozen=True)
class Told:
    """One side of a field."""

    value: Any
    pieces: list[Piece] = field(default_factory=list)  # of a text that differs in some words
    is_empty: bool = False


@dataclass(frozen=True)
class Row:
    """A field of two records."""

    field: Field
    one: Told
    other: Told

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.one.value == self.other.value


@dataclass(frozen=True)
class Beside:
    """Two versions beside each other."""

    one: queries.Shown
    other: queries.Shown
    differing: list[Row]
    same: list[Row]


def whole(*versions: int) -> dict[int, Version]:
    """Versions with all that is shown of them, as far as the current person may read them."""
    return (
        Version.objects.select_related("record", "owner")
        .prefetch_related(
            Prefetch("participations", Participation.objects.select_related("actor").order_by("position")),
            "translations",
        )
        .in_bulk(versions)
    )


def beside(one: Version, other: Version) -> Beside:
    """Two versions (of `whole`) field by field."""
    language = get_language()
    shown, of_other = queries.shown_in(one, language), queries.shown_in(other, language)
    rows = list(_rows(shown, of_other))
    return Beside(shown, of_other, [row for row in rows if not row.is_same], [row for row in rows if row.is_same])


def _rows(one: queries.Shown, other: queries.Shown) -> Iterator[Row]:
    known = dict.fromkeys([*fields_of(one.version.kind), *fields_of(other.version.kind)])
    for each in known:
        left, right = one.texts.get(each.name), other.texts.get(each.name)
        if each.name == "lang" or not each.shown or (left is None and right is None):
            continue
        old, new = _pieces(each, left, right, one.language == other.language)
        yield Row(each, Told(left, old, left is None), Told(right, new, right is None))


def _pieces(each: Field, left: Any, right: Any, is_same_language: bool) -> tuple[list[Piece], list[Piece]]:
    """What stands on one side alone, on each of them; nothing where the texts have little in common."""
    if each.shape not in TEXTS or not is_same_language or not left or not right or left == right:
        return [], []
    pieces = list(differences.words(_text(left), _text(right)))
    kept = sum(len(piece.text) for piece in pieces if piece.kind == differences.KEPT)
    if kept < WORTH_MARKING * min(len(_text(left)), len(_text(right))):
        return [], []
    return ([piece for piece in pieces if piece.kind != differences.NEW],
            [piece for piece in pieces if piece.kind != differences.GONE])  # fmt: skip


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)
