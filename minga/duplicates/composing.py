"""What the record that stays will say: field by field the value of one side, or of lists both together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from minga.duplicates.models import JOINED, Side
from minga.registry import personal
from minga.registry.catalogue import ROLE_FIELDS, Field, Shape, fields_of
from minga.registry.changes import Draft
from minga.registry.content import Content
from minga.registry.drafts import american, content_of
from minga.registry.models import Version
from minga.registry.queries import values_of

JOINABLE = (Shape.CODES, Shape.COUNTRIES, Shape.OBJECTIVES, Shape.CONCEPTS, Shape.TEXTS, Shape.ADDRESSES, Shape.ACTORS)
# Passages that tell the same in other words are not put together by themselves.
JOINED_BY_CHOICE = (Shape.TEXTS,)
# What a source page is called where another one stands already.
FURTHER_PAGES = "also_at"


@dataclass(frozen=True)
class Choice:
    """A field in which two records differ, with what may be taken."""

    field: Field
    kept: Any
    merged: Any  # as it could be taken over: in the language of the record that stays
    options: tuple[str, ...]  # of Side and JOINED
    proposed: str
    other_language: str = ""  # the merged record says it in this language alone, so that it cannot be taken over

    def outcome(self, whose: str) -> Any:
        """The value that a choice leads to."""
        return (
            self.merged if whose == Side.MERGED else _joined(self.kept, self.merged) if whose == JOINED else self.kept
        )


def choices(kept: Version, merged: Version) -> Iterator[Choice]:
    """The fields in which the merged record says something that the other one does not, in the catalogue's order.

    Args:
        kept: the version of the record that stays, with its participations and translations.
        merged: that of the other.
    """
    before = values_of(kept)
    for each in fields_of(kept.kind):
        if each.name == "lang" or not each.shown:
            continue
        own, (theirs, other_language) = before.get(each.name), _told_in(merged, each, kept)
        if other_language:
            yield Choice(each, own, values_of(merged).get(each.name), (Side.KEPT,), Side.KEPT, other_language)
        elif theirs and theirs != own:
            yield _choice(each, own, theirs)


def _choice(each: Field, own: Any, theirs: Any) -> Choice:
    if not own:
        return Choice(each, own, theirs, (Side.KEPT, Side.MERGED), Side.MERGED)
    if each.shape not in JOINABLE:
        return Choice(each, own, theirs, (Side.KEPT, Side.MERGED), Side.KEPT)
    joined = JOINED if each.shape not in JOINED_BY_CHOICE else Side.KEPT
    return Choice(each, own, theirs, (Side.KEPT, Side.MERGED, JOINED), joined)


def _told_in(version: Version, each: Field, kept: Version) -> tuple[Any, str]:
    """A field's value in the language of another version, and the language where it is in another one alone."""
    values = values_of(version)
    value = values.get(each.name)
    if each.name == FURTHER_PAGES:
        page = values.get("source_url")
        value = _joined(value, [page] if page and page != kept.source_url else None)
    if not value or not each.translatable or version.language == kept.language:
        return value, ""
    translation = _translation(version, kept.language)
    told = translation.get(each.name) if translation else None
    return (told, "") if told else (None, version.language)


def _translation(version: Version, language: str) -> dict[str, Any] | None:
    """A version's translation into a language, as content keeps it."""
    return next((each for each in content_of(version).translations if each["lang"] == language), None)


def cleaned(kept: Version, merged: Version, typed: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, where it changes the record that stays.

    Args:
        kept: the version of the record that stays.
        merged: that of the other.
        typed: field -> whose value; what is missing or not offered is taken as proposed.
    """
    chosen = {}
    for each in choices(kept, merged):
        whose = typed.get(each.field.name, "")
        whose = str(whose if whose in each.options else each.proposed)
        if each.outcome(whose) != each.kept:
            chosen[each.field.name] = whose
    return chosen


def draft_of(kept: Version, merged: Version, chosen: Mapping[str, str], *, source: str = "") -> Draft:
    """The record that stays, as the choice makes it.

    Args:
        kept: its version of today, so that what was changed since the proposal stays.
        merged: the version of the merged record.
        chosen: field -> whose value.
        source: where both were taken from, for what is listed from a source.
    """
    before = content_of(kept)
    values = dict(before.values)
    for each in choices(kept, merged):
        if (whose := chosen.get(each.field.name)) in each.options:
            values[each.field.name] = each.outcome(whose)
    if addresses := _joined(values.get(personal.KEPT), values_of(merged).get(personal.KEPT)):
        values[personal.KEPT] = addresses
    participants = _participants(kept, merged, chosen)
    for name, role in ROLE_FIELDS.items():
        names = [given for its_role, _actor, given in participants if its_role == role]
        values[name] = (names[0] if names else None) if name == "actor" else names or None
    values = {name: value for name, value in values.items() if value not in (None, "", [])}
    content = Content(kept.kind, values, tuple(_translations(kept, merged, chosen, values)), before.other)
    return Draft(
        content, kept.owner_id, participants, record=kept.record, visibility=kept.visibility, process=kept.process_id,
        audience=kept.audience, columns=content.columns(american()), source=source,
        on_behalf_of=kept.on_behalf_of_id if kept.on_behalf_of_id != kept.owner_id else None,
    )  # fmt: skip


def _participants(kept: Version, merged: Version, chosen: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """Who takes part: (role, actor, name as given), each actor once a role."""
    found: list[tuple[str, int, str]] = []
    for name, role in ROLE_FIELDS.items():
        whose = chosen.get(name, Side.KEPT)
        sides = {Side.KEPT: [kept], Side.MERGED: [merged]}.get(whose, [kept, merged])
        seen: set[int] = set()
        for part in (each for version in sides for each in version.participations.all()):
            if part.role == role and part.actor_id not in seen:
                seen.add(part.actor_id)
                found.append((role, part.actor_id, part.name_as_given))
    return found


def _translations(
    kept: Version, merged: Version, chosen: Mapping[str, str], values: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Translations of what was chosen: of each text that of its own side. Without a title there is none."""
    sides = {Side.KEPT: kept, Side.MERGED: merged}
    titled = sides[Side(chosen.get("title", Side.KEPT))]
    for translation in content_of(titled).translations:
        if translation["lang"] == kept.language:
            continue
        made = {name: translation[name] for name in ("lang", "origin", "authority", "title")}
        for each in fields_of(kept.kind):
            if not each.translatable or each.name in made or each.name not in values:
                continue
            side = sides.get(chosen.get(each.name, Side.KEPT))  # none for what was joined
            told = _translation(side, translation["lang"]) if side else None
            if told and told.get(each.name):
                made[each.name] = told[each.name]
        yield made


def _joined(one: Any, other: Any) -> list | None:
    """Two lists as one, in order, each value once."""
    return list(dict.fromkeys([*(one or []), *(other or [])])) or None
