"""Drafts on the site: begun, saved while one types, by several people at once, and made anew from what is listed.

A save says of each field what it was when the form was opened. So two people's changes to different fields come
together; where both changed the same one, the first stays, the second is set aside where both can read it, and nobody
overwrites anybody.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from minga.actors.changes import propose_actors
from minga.actors.grants import written_actors
from minga.actors.queries import AMERICAS, countries
from minga.actors.resolving import Resolver
from minga.audit.by import By
from minga.registry import changes, personal
from minga.registry.catalogue import BY_NAME, ROLE_FIELDS, Shape
from minga.registry.checking import ERROR, Known, Problem, Refused, contradictions, read_value, what_is_missing
from minga.registry.content import Content
from minga.registry.lifecycle import OPEN, State
from minga.registry.models import Edit, Participation, Record, Version, Visibility
from minga.registry.moves import NotPossible, NotThere, merged_already
from minga.registry.queries import values_of

# What areas above the registry ask of a draft before it is sent on; they add theirs when the program starts.
MORE_CHECKS: list[Callable[[Version], list[Problem]]] = []
ONE_SITTING = timedelta(minutes=10)  # within it, one person's own typing over her own text is not kept


@dataclass
class Saved:
    """What became of a save."""

    version: Version
    problems: list[Problem] = field(default_factory=list)
    set_aside: dict[str, Any] = field(default_factory=dict)  # field -> what could not be written over another's text
    merged: list[str] = field(default_factory=list)  # fields that somebody else had changed meanwhile


def begin(*, kind: str, owner: int, language: str, by: By, at: datetime, on_behalf_of: int | None = None) -> Version:
    """A new record with an empty draft, for an actor that the person writes for.

    Args:
        kind: of record.
        owner: id of the actor.
        language: in which she writes.
        by: who.
        at: when.
        on_behalf_of: id of the actor that it is entered for, with a letter that allows it.
    """
    content = Content(kind, {"lang": language})
    draft = changes.Draft(content, owner, [], columns=content.columns(frozenset()), on_behalf_of=on_behalf_of)
    record = changes.add_records([draft], from_source=False, by=by, at=at)[0]
    return record.versions.get()


@transaction.atomic
def begin_anew(record: Record, *, by: By, at: datetime) -> Version:
    """A new draft from the newest version of a record; what is listed stays as it is meanwhile.

    Raises:
        NotPossible: a version is being worked on already, or the record was withdrawn or merged into another.
        NotThere: there is nothing of it that the person may read.
    """
    versions = list(Version.objects.filter(record=record).order_by("number"))
    if not versions:
        raise NotThere
    if any(version.state in OPEN for version in versions):
        raise NotPossible(_("A version of it is being worked on already. Open that one."))
    if any(version.state == State.MERGED for version in versions):
        raise NotPossible(merged_already())
    if record.withdrawn_at:
        raise NotPossible(_("The record was withdrawn; a new one takes its place."))
    latest = versions[-1]
    content = content_of(latest)
    participants = [(part.role, part.actor_id, part.name_as_given) for part in latest.participations.all()]
    draft = changes.Draft(
        content, latest.owner_id, participants, record=record, visibility=latest.visibility,
        process=latest.process_id, audience=latest.audience, columns=content.columns(american()),
        on_behalf_of=latest.on_behalf_of_id if latest.on_behalf_of_id != latest.owner_id else None,
    )  # fmt: skip
    return changes.add_version(draft, number=latest.number + 1, by=by, at=at)


@transaction.atomic
def save(
    version: Version, typed: Mapping[str, Any], base: Mapping[str, str], *, known: Known, by: By, at: datetime,
    is_passing: bool = False,
) -> Saved:  # fmt: skip
    """Save what was typed into some fields of a draft.

    Args:
        version: the draft.
        typed: field -> raw value, in the form of JSON Lines.
        base: field -> `mark_of` the value that the form was opened with.
        known: countries, concepts and limits of this installation.
        by: who saves.
        at: when.
        is_passing: saved while typing: half a name makes no actor yet.

    Raises:
        NotThere: it is no draft that this person may change.
    """
    # The lock also asks for the right to change: the site's policy hides all but drafts of her own offices here.
    version = _locked(version)
    saved = Saved(version)
    now = typed_values(version)
    values, unread = dict(values_of(version)), dict(version.unread)
    changed: dict[str, Any] = {}
    over_own: set[str] = set()
    for name, raw in typed.items():
        if name not in BY_NAME:
            continue
        mine, theirs = mark_of(name, raw), mark_of(name, now.get(name))
        opened_with = base.get(name, theirs)
        if mine == opened_with and (is_passing or name not in unread):
            continue  # as it was when the form was opened
        if opened_with not in (theirs, mine) and mine != theirs:
            if _writer_of(version, name) != by.person:
                saved.set_aside[name] = raw
                continue
            over_own.add(name)  # her own save, whose answer was lost, or her other tab: no stranger's text
        changed[name] = raw
        unread.pop(name, None)
        values.pop(name, None)
        _take_over(name, raw, values, unread, saved, known, is_passing)
    saved.merged = [
        name for name, mark in base.items() if name in BY_NAME and name not in changed
        and mark != mark_of(name, now.get(name)) and name not in saved.set_aside
    ]  # fmt: skip
    if changed:
        _write(
            version, values, unread, participants_change=bool(ROLE_FIELDS.keys() & changed.keys()) and not is_passing
        )
    _remember(version, {name: now.get(name) for name in changed}, saved.set_aside, over_own, by=by, at=at)
    return saved


def _writer_of(version: Version, name: str) -> int | None:
    """Who wrote what stands in a field: whoever overwrote it last, else who began the draft."""
    last = Edit.objects.filter(version=version, field=name, is_set_aside=False).order_by("-at", "-id").first()
    return last.person if last else version.created_by


def _take_over(name: str, raw: Any, values: dict, unread: dict, saved: Saved, known: Known, is_passing: bool) -> None:
    """Read a value into the draft; what cannot be read is kept as it was typed, with what is wrong."""
    if is_passing and name in ROLE_FIELDS and raw:
        unread[name] = raw
        return
    try:
        value = read_value(BY_NAME[name], raw, known)
    except Refused as refused:
        unread[name] = raw
        saved.problems.append(refused.problem)
        return
    if value is not None:
        values[name] = value


def _write(version: Version, values: dict, unread: dict, *, participants_change: bool) -> None:
    values.setdefault("lang", version.language)
    content = Content(version.kind, values, content_of(version).translations, version.details.get("other", {}))
    columns = content.columns(american())
    for name, value in columns.items():
        setattr(version, name, value)
    version.unread = unread
    version.save(update_fields=[*columns, "unread", "changed_at"])
    if participants_change:
        version.participations.all().delete()
        Participation.objects.bulk_create(
            Participation(version=version, role=role, actor_id=actor, name_as_given=name, position=position)
            for position, (role, actor, name) in enumerate(_resolved(content, version.owner_id))
        )
        version._prefetched_objects_cache = {}
    version.refresh_from_db(fields=["revision"])  # a trigger counts


def _resolved(content: Content, owner: int) -> list[tuple[str, int, str]]:
    """The participants as actors; a name that nobody knows, or that may mean several, is proposed."""
    resolver = Resolver()
    named = content.participants()
    unknown = {name for _role, name in named if resolver.resolve(name).actor is None}
    kind = content.values.get("actor_type") or "other"
    lead = content.values.get("actor")
    language = content.values["lang"]
    proposed = propose_actors(
        [(name, language, kind if name == lead else "other") for name in sorted(unknown)], owner=owner
    ) if unknown else {}  # fmt: skip
    return [(role, resolver.resolve(name).actor or proposed[name], name) for role, name in named]


def _remember(version: Version, before: dict, set_aside: dict, over_own: set[str], *, by: By, at: datetime) -> None:
    """Keep what a save overwrote, and what it could not write: no text is ever lost."""
    if not before and not set_aside:
        return
    own = set(
        Edit.objects.filter(version=version, person=by.person, at__gt=at - ONE_SITTING, is_set_aside=False)
        .values_list("field", flat=True)
    )  # fmt: skip
    others = set(
        Edit.objects.filter(version=version, at__gt=at - ONE_SITTING).exclude(person=by.person)
        .values_list("field", flat=True)
    )  # fmt: skip
    Edit.objects.bulk_create(
        [
            Edit(version=version, person=by.person, at=at, revision=version.revision, field=name, value=value)
            for name, value in before.items()
            if name not in own or name in others or name in over_own
        ]
        + [
            Edit(version=version, person=by.person, at=at, revision=version.revision, field=name, value=value,
                 is_set_aside=True)
            for name, value in set_aside.items()
        ]
    )  # fmt: skip


@transaction.atomic
def choose_readers(version: Version, *, visibility: str, process: int | None, audience: list[int]) -> None:
    """Say who may read a draft once it is listed.

    Raises:
        NotThere: it is no draft that this person may change.
        NotPossible: a restricted one names nobody.
    """
    version = _locked(version)
    if visibility == Visibility.PARTICIPANTS and process is None:
        raise NotPossible(_("Choose the process whose participants may read it."))
    if visibility == Visibility.NAMED and not audience:
        raise NotPossible(_("Name at least one State, agency or network that may read it."))
    version.visibility, version.process_id = visibility, process
    version.audience = audience if visibility == Visibility.NAMED else []
    version.save(update_fields=["visibility", "process", "audience", "changed_at"])


def content_of(version: Version) -> Content:
    """A version's content as a value, translations included."""
    translations = tuple(
        {"lang": each.language, "origin": each.origin, "authority": each.authority, "title": each.title,
         **({"summary": each.summary} if each.summary else {}), **each.details}
        for each in sorted(version.translations.all(), key=lambda one: one.language)
    )  # fmt: skip
    return Content(version.kind, values_of(version), translations, version.details.get("other", {}))


def typed_values(version: Version) -> dict[str, Any]:
    """Field -> its value as it is shown in the form: what could not be read stands as it was typed."""
    return {**values_of(version), **version.unread}


def mark_of(name: str, value: Any) -> str:
    """A short mark by which two values of a field are told apart.

    What a form cannot tell apart has one mark: blanks at the ends, line endings, the order of what is only chosen.
    """
    if isinstance(value, list):
        value = [part for item in value for each in str(item).replace("\r\n", "\n").split("\n\n")
                 if (part := each.strip())]  # fmt: skip
        shape = BY_NAME[name].shape
        if shape in (Shape.CODES, Shape.COUNTRIES):
            value = sorted(value)
        elif shape is Shape.OBJECTIVES:
            value = value[:1] + sorted(value[1:])
    elif value is not None and not isinstance(value, bool):
        value = str(value).replace("\r\n", "\n").strip()
    if value in (None, "", [], False):
        return ""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def missing(version: Version) -> list[Problem]:
    """What must be mended before a draft is sent on: required fields, and what could not be read."""
    values = values_of(version)
    problems = what_is_missing(values, besides=version.unread)
    problems += [
        Problem(ERROR, name, "unread", _("“%(field)s” cannot be read yet.") % {"field": BY_NAME[name].label})
        for name in version.unread
    ]
    texts = [values, *({"title": each.title, "summary": each.summary, **each.details, personal.KEPT: values.get(personal.KEPT)}
                       for each in version.translations.all())]  # fmt: skip
    problems += [personal_problem(found) for text in texts for found in personal.in_values(text)]
    problems += [problem for check in MORE_CHECKS for problem in check(version)]
    return problems + contradictions(values)


def personal_problem(found: personal.Found) -> Problem:
    """Personal data as a problem that somebody has to mend."""
    message = _("“%(field)s” holds what may be personal data (%(sort)s: %(text)s). Remove it, or mark it as an "
                "institution's contact.")  # fmt: skip
    values = {"field": found.field.label, "sort": found.sort, "text": found.text[:60]}
    return Problem(ERROR, found.field.name, "personal_data", message % values)


@transaction.atomic
def keep_as_institutional(version: Version, texts: list[str]) -> None:
    """Mark addresses and numbers in a draft's text as those of institutions.

    Raises:
        NotThere: it is no draft that this person may change.
    """
    version = _locked(version)
    kept = [*version.details.get(personal.KEPT, []), *texts]
    values = dict(values_of(version)) | {personal.KEPT: list(dict.fromkeys(kept))}
    _write(version, values, dict(version.unread), participants_change=False)


def american() -> frozenset[str]:
    """The ISO alpha-3 codes of the countries and territories of the Americas."""
    return frozenset(code for code, each in countries("en").items() if each["region"] == AMERICAS)


def set_aside(version: Version) -> list[Edit]:
    """Texts that could not be written because somebody else had changed the field: for both to read."""
    return list(Edit.objects.filter(version=version, is_set_aside=True).order_by("-at"))


def own_draft(public_id: str) -> Version | None:
    """The draft of a record that the current person may change."""
    return (
        Version.objects.filter(record__public_id=public_id, state=State.DRAFT, owner_id__in=written_actors())
        .select_related("record", "owner")
        .first()
    )


def _locked(version: Version) -> Version:
    """The draft, locked against others who save.

    Raises:
        NotThere: it is none that this person may change.
    """
    found = Version.objects.select_for_update().filter(pk=version.pk, state=State.DRAFT).order_by("pk").first()
    if found is None:
        raise NotThere
    return found
