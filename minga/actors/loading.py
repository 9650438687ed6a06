"""Loads the package's own actors, memberships and positions (`data/`). Loading again changes nothing.

What the secretariat adds later (aliases, memberships, proposed actors) stays: files add and correct, they never delete.
"""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from minga.actors.models import Actor, Alias, Membership, Position, Standing
from minga.actors.names import key_of

FOLDER = Path(__file__).parent / "data"
_CONTENT = (
    "kind", "standing", "names", "long_names", "acronyms", "name_source", "country", "iso2", "m49", "m49_region",
    "m49_subregion", "confidence", "sources", "note",
)  # fmt: skip


@transaction.atomic
def load_all() -> int:
    """Load countries, organisations, memberships and positions; returns the number of actors."""
    countries = _read("countries.json")["countries"]
    organisations = _read("organisations.json")["organisations"]
    actors = [_country(each) for each in countries] + [_organisation(each) for each in organisations]
    Actor.objects.bulk_create(actors, update_conflicts=True, unique_fields=["slug"], update_fields=_CONTENT)
    ids = dict(Actor.objects.filter(slug__in=[actor.slug for actor in actors]).values_list("slug", "pk"))
    for each in organisations:
        if each.get("parent"):
            Actor.objects.filter(slug=each["slug"]).update(parent_id=ids[each["parent"]])
    _load_aliases(countries + organisations, ids)
    _load_memberships(ids)
    _load_positions(ids)
    return len(actors)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _country(each: dict[str, Any]) -> Actor:
    return Actor(
        slug=each["slug"], kind=each["kind"], standing=Standing.ESTABLISHED, names=each["names"],
        long_names=each.get("long_names", {}), acronyms={}, name_source=each.get("name_source", ""),
        country=each["iso3"], iso2=each["iso2"], m49=each["m49"], m49_region=each.get("m49_region", ""),
        m49_subregion=each.get("m49_subregion", ""), sources=each.get("sources", []), note=each.get("note", ""),
    )  # fmt: skip


def _organisation(each: dict[str, Any]) -> Actor:
    return Actor(
        slug=each["slug"], kind=each["kind"], standing=Standing.ESTABLISHED, names=each["names"], long_names={},
        acronyms=each.get("acronyms", {}), country=each.get("country") or "", confidence=each.get("confidence", ""),
        sources=each.get("sources", []), note=each.get("note", ""),
    )  # fmt: skip


def _load_aliases(entries: list[dict[str, Any]], ids: dict[str, int]) -> None:
    """Every name, acronym and spelling; one that may mean somebody else too is kept as ambiguous."""
    aliases: dict[tuple[int, str], Alias] = {}
    for each in entries:
        actor = ids[each["slug"]]
        doubtful = {key_of(item["alias"]): item for item in each.get("ambiguous", [])}
        texts = [
            *each["names"].values(), *each.get("long_names", {}).values(), *each.get("acronyms", {}).values(),
            *each.get("aliases", []), *(item["alias"] for item in doubtful.values()),
        ]  # fmt: skip
        for text in texts:
            key = key_of(text)[:300]
            if key:
                aliases.setdefault(
                    (actor, key),
                    Alias(actor_id=actor, text=text[:300], key=key, is_ambiguous=key in doubtful,
                          note=doubtful.get(key, {}).get("note", "")[:300]),
                )  # fmt: skip
    Alias.objects.bulk_create(
        aliases.values(), update_conflicts=True, unique_fields=["actor", "key"],
        update_fields=["text", "is_ambiguous", "note"],
    )  # fmt: skip


def _load_memberships(ids: dict[str, int]) -> None:
    Membership.objects.bulk_create(
        (
            Membership(
                actor_id=ids[each["actor"]], process_id=ids[each["process"]], status=each["status"],
                since=each.get("from") or "", until=each.get("until") or "", source=each.get("source") or "",
                address=each.get("address") or "", confidence=each.get("confidence") or "",
            )
            for each in _read("memberships.json")
        ),
        update_conflicts=True, unique_fields=["actor", "process", "status", "since"],
        update_fields=["until", "source", "address", "confidence"],
    )  # fmt: skip


def _load_positions(ids: dict[str, int]) -> None:
    Position.objects.bulk_create(
        (
            Position(
                actor_id=ids[each["actor"]], instrument=each["instrument"], act=each["act"],
                taken_on=each.get("on") or "", source=each.get("source") or "", address=each.get("address") or "",
                confidence=each.get("confidence") or "", note=each.get("note") or "",
            )
            for each in _read("positions.json")
        ),
        update_conflicts=True, unique_fields=["actor", "instrument", "act", "taken_on"],
        update_fields=["source", "address", "confidence", "note"],
    )  # fmt: skip
