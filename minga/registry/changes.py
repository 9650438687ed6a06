"""What alters records: the one door through which pages, commands and jobs write.

Each function checks what it may change and writes; states change through `moves.py`. Versions are made in batches, because an
import of ten thousand rows and a form that saves one record do the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from minga.audit.by import By
from minga.registry.content import Content
from minga.registry.lifecycle import EDITABLE, LISTED, OPEN, STEPS, State
from minga.registry.models import Participation, Record, Transition, Translation, Version, Visibility
from minga.registry.moves import NoReason, NotPossible, merged_already, move

_IN_TRANSLATION = ("title", "summary")


@dataclass
class Draft:
    """Content on its way into the registry, with everything resolved."""

    content: Content
    owner: int  # id of the actor
    participants: list[tuple[str, int, str]]  # (role, actor id, name as given)
    external_id: str = ""
    record: Record | None = None  # None: a new one
    visibility: str = Visibility.PUBLIC
    process: int | None = None
    audience: list[int] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)
    on_behalf_of: int | None = None  # id of the actor that it is entered for
    source: str = ""  # where it was taken from, in the operator's words, for what is listed from a source


@transaction.atomic
def add_records(drafts: Sequence[Draft], *, from_source: bool, by: By, at: datetime) -> list[Record]:
    """Make new records with a first version each.

    Args:
        drafts: what to make; those with a record are refused.
        from_source: list them at once as taken from a public source.
        by: who does it.
        at: when.
    """
    records = Record.objects.bulk_create(
        Record(kind=draft.content.kind, owner_id=draft.owner, external_id=draft.external_id) for draft in drafts
    )
    for draft, record in zip(drafts, records, strict=True):
        draft.record = record
    _add_versions(drafts, numbers=[1] * len(drafts), from_source=from_source, by=by, at=at)
    return records


@transaction.atomic
def revise_record(draft: Draft, *, from_source: bool, by: By, at: datetime) -> Version:
    """Give an existing record new content.

    An open draft is changed in place; beside a listed version a new one is made, which replaces it at once when it
    comes from the same public source, and waits as a draft otherwise.

    Raises:
        NotPossible: somebody's version is past draft, the record's owner has published a text of its own, or the record
            was merged into another.
    """
    record = draft.record
    versions = list(Version.objects.filter(record=record).select_for_update().order_by("number"))
    opened = next((version for version in versions if version.state in OPEN), None)
    listed = next((version for version in versions if version.state in LISTED), None)
    if any(version.state == State.MERGED for version in versions):
        raise NotPossible(merged_already())
    if opened and opened.state not in EDITABLE:
        raise NotPossible(
            _("Its version %(number)d is in the state “%(state)s” and cannot be changed now.")
            % {"number": opened.number, "state": State(opened.state).label}
        )
    if from_source and listed:
        _refuse_owners_text(listed)
    if opened:
        _change_in_place(opened, draft)
        if from_source:
            move(opened, "publish_from_source", by=by, at=at, reason=draft.source)
        return opened
    if from_source and listed:
        move(listed, "replace", by=by, at=at)
    number = versions[-1].number + 1 if versions else 1
    return _add_versions([draft], numbers=[number], from_source=from_source, by=by, at=at)[0]


def add_version(draft: Draft, *, number: int, by: By, at: datetime) -> Version:
    """Give an existing record one more draft.

    Args:
        draft: its content, with the record that it is for.
        number: of the version.
        by: who does it.
        at: when.
    """
    return _add_versions([draft], numbers=[number], from_source=False, by=by, at=at)[0]


@transaction.atomic
def list_from_source(version: Version, *, by: By, at: datetime, source: str = "") -> None:
    """Declare that a draft was taken from a public source, and list it.

    Raises:
        NotPossible: the record's owner has published a text of its own.
    """
    listed = Version.objects.filter(record=version.record_id, is_listed=True).first()
    if listed:
        _refuse_owners_text(listed)
    move(version, "publish_from_source", by=by, at=at, reason=source)


@transaction.atomic
def withdraw_record(record: Record, *, reason: str, by: By, at: datetime) -> None:
    """Take a record off the site; its address says so, with the reason. Nothing is deleted.

    Raises:
        NotPossible: it is not listed, or no reason is given.
    """
    if not reason.strip():
        raise NoReason(_("Give a reason: it is shown at the record's address."))
    version = Version.objects.filter(record=record, state__in=STEPS["withdraw"].sources).first()
    if version is None:
        raise NotPossible(_("It is not published, so there is nothing to withdraw."))
    move(version, "withdraw", by=by, at=at, reason=reason)
    record.refresh_from_db()


def _refuse_owners_text(listed: Version) -> None:
    if listed.state == State.PUBLISHED:
        raise NotPossible(_("Its owner has published a text of its own, which an import does not replace."))


def _add_versions(
    drafts: Sequence[Draft], *, numbers: Sequence[int], from_source: bool, by: By, at: datetime
) -> list[Version]:
    state = State.PUBLISHED_FROM_SOURCE if from_source else State.DRAFT
    versions = Version.objects.bulk_create(
        Version(
            record=draft.record, number=number, kind=draft.record.kind, owner_id=draft.owner, state=state,
            visibility=draft.visibility, process_id=draft.process, audience=draft.audience,
            on_behalf_of_id=draft.on_behalf_of, created_by=by.person, listed_at=at if from_source else None, **draft.columns,
        )
        for draft, number in zip(drafts, numbers, strict=True)
    )  # fmt: skip
    for version, draft in zip(versions, drafts, strict=True):
        version.draft = draft
    _attach(versions)
    steps = [(version, "create", "", State.DRAFT) for version in versions]
    if from_source:
        steps += [(version, "publish_from_source", State.DRAFT, state) for version in versions]
    Transition.objects.bulk_create(
        Transition(
            version=version, name=name, from_state=old, to_state=new, at=at, by_person=by.person,
            by_operator=by.operator, reason=version.draft.source if new == state else "",
        )
        for version, name, old, new in steps
    )  # fmt: skip
    return versions


def _attach(versions: Sequence[Version]) -> None:
    """Write what hangs on new versions: participations and translations."""
    Participation.objects.bulk_create(
        Participation(version=version, role=role, actor_id=actor, name_as_given=name, position=position)
        for version in versions
        for position, (role, actor, name) in enumerate(version.draft.participants)
    )
    Translation.objects.bulk_create(
        Translation(
            version=version, language=each["lang"], origin=each["origin"], authority=each["authority"],
            title=each["title"], summary=each.get("summary", ""),
            details={name: value for name, value in each.items()
                     if name not in ("lang", "origin", "authority", *_IN_TRANSLATION)},
        )
        for version in versions
        for each in version.draft.content.translations
    )  # fmt: skip


def _change_in_place(version: Version, draft: Draft) -> None:
    for name, value in draft.columns.items():
        setattr(version, name, value)
    version.visibility, version.process_id, version.audience = draft.visibility, draft.process, draft.audience
    version.save(update_fields=[*draft.columns, "visibility", "process", "audience", "changed_at"])
    version.participations.all().delete()
    version.translations.all().delete()
    version.draft = draft
    _attach([version])
