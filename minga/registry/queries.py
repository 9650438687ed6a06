"""Reads records. What a person may read the database decides; nothing here filters by rights."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from minga.registry.catalogue import Field, Section, fields_of
from minga.registry.models import Participation, Record, Transition, Translation, Version


def find_listed(public_id: str) -> Version | None:
    """The version that stands for a record on the site, with its record, owner and participations."""
    return (
        Version.objects.listed()
        .select_related("record", "owner")
        .prefetch_related(
            Prefetch("participations", Participation.objects.select_related("actor").order_by("position")),
            "translations",
        )
        .filter(record__public_id=public_id)
        .first()
    )


def find_record(public_id: str) -> Record | None:
    """A record's identity, which outlives its withdrawal."""
    return Record.objects.filter(public_id=public_id).first()


def carrying(concept: str) -> QuerySet[Version]:
    """The listed versions that carry a concept of some other framework, given as "scheme:code"; newest first."""
    return (
        Version.objects.listed()
        .select_related("record")
        .filter(concepts__contains=[concept])
        .order_by("-listed_at", "-record_id")
    )


def versions_of(version: Version) -> list[Version]:
    """The versions of the same record that the person may read, newest first."""
    return list(Version.objects.filter(record=version.record_id).order_by("-number"))


def how_listed(version: Version) -> Transition | None:
    """The step by which a version came to be listed: when, and for what is taken from a source, from which."""
    return version.transitions.filter(to_state=version.state).order_by("-at", "-id").first()


@dataclass
class Row:
    """A version in a list, in the reader's language where there is a translation."""

    version: Version
    title: str
    language: str  # of the title
    lead: str  # the main actor, as the source names it


def in_rows(versions: Iterable[Version], language: str) -> list[Row]:
    """Versions as rows of a list: two further queries for all of them together."""
    versions = list(versions)
    titles = dict(
        Translation.objects.filter(version__in=versions, language=language).values_list("version_id", "title")
    )
    leads: dict[int, str] = {}
    for version, role, name in (
        Participation.objects.filter(version__in=versions)
        .order_by("version", "position")
        .values_list("version_id", "role", "name_as_given")
    ):
        if role == "lead":
            leads.setdefault(version, name)
    return [
        Row(
            version,
            title=titles.get(version.pk, version.title),
            language=language if version.pk in titles else version.language,
            lead=leads.get(version.pk, ""),
        )
        for version in versions
    ]


@dataclass
class Shown:
    """A version's text in the language it is shown in."""

    version: Version
    language: str
    translation: Translation | None
    texts: dict[str, Any]  # field name -> value, translated where a translation has it


def shown_in(version: Version, language: str, *, original: bool = False) -> Shown:
    """A version for a reader: a translation into her language if there is one, else the original.

    Args:
        version: with its translations and participations.
        language: the reader's.
        original: she asked for the original.
    """
    translations = [] if original else version.translations.all()
    translation = next((each for each in translations if each.language == language), None)
    texts = values_of(version)
    if translation and language != version.language:
        texts |= {"title": translation.title, **({"summary": translation.summary} if translation.summary else {})}
        texts |= translation.details
        return Shown(version, language, translation, texts)
    return Shown(version, version.language, None, texts)


def values_of(version: Version) -> dict[str, Any]:
    """All values of a version by the catalogue's names; actors under the names that the source gives."""
    values: dict[str, Any] = {}
    for each in fields_of(version.kind):
        values[each.name] = getattr(version, each.column) if each.column else version.details.get(each.name)
    by_role: dict[str, list[str]] = defaultdict(list)
    for participation in version.participations.all():
        by_role[participation.role].append(participation.name_as_given)
    values["actor"] = next(iter(by_role["lead"]), None)
    for name, role in (("co_actors", "maker"), ("partners", "partner"), ("donors", "donor")):
        values[name] = by_role[role] or None
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def gaps(version: Version) -> list[Field]:
    """The expected fields that nobody has filled in yet."""
    present = values_of(version)
    return [each for each in fields_of(version.kind) if each.expected and each.name not in present]


def fields_in(section: Section, kind: str) -> list[Field]:
    """The fields of a kind that a section of the record's page shows."""
    return [each for each in fields_of(kind) if each.section is section and each.shown]
