"""Tells where records stand: their newest versions, who has them, since when, and what may be done."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from minga.actors.grants import own_actors
from minga.registry import standing
from minga.registry.lifecycle import AT_REST, State
from minga.registry.models import Version
from minga.registry.moves import steps_now
from minga.registry.queries import values_of


def newest_versions(*, kind: str = "", state: str = "", owner: str = "") -> QuerySet[Version]:
    """The newest version of each record that the current person may read, last changed first.

    Args:
        kind: only of this kind.
        state: only those whose newest version is in this state.
        owner: slug of an actor.
    """
    newest = Version.objects.filter(record=OuterRef("record_id")).order_by("-number").values("pk")[:1]
    found = Version.objects.filter(pk=Subquery(newest)).select_related("record", "owner")
    for column, value in (("kind", kind), ("state", state), ("owner__slug", owner)):
        if value:
            found = found.filter(**{column: value})
    return found.order_by("-changed_at", "-pk")


def versions_of(public_id: str) -> list[Version]:
    """All versions of a record that the current person may read, newest first."""
    return list(
        Version.objects.filter(record__public_id=public_id).select_related("record", "owner").order_by("-number")
    )


def as_line(version: Version) -> dict[str, Any]:
    """A version for a list."""
    return {
        "id": version.record.public_id,
        "external_id": version.record.external_id,
        "kind": version.kind,
        "owner": version.owner.slug,
        "version": version.number,
        "state": version.state,
        "visibility": version.visibility,
        "language": version.language,
        "title": version.title,
        "changed_at": version.changed_at.isoformat(timespec="seconds"),
    }


def as_whole(version: Version) -> dict[str, Any]:
    """A version with where it stands, what may be done with it, its history and its content."""
    place = standing.of(version)
    return as_line(version) | {
        "since": place.since.isoformat(timespec="seconds"),
        "holder": place.holder,
        "on_behalf_of": version.on_behalf_of.slug if version.on_behalf_of_id else None,
        "steps": [step.name for step in steps_now(version)],
        "versions": [
            {"version": each.number, "state": each.state} for each in versions_of(version.record.public_id)
        ],
        "history": [
            {"step": step.name, "from": step.from_state, "to": step.to_state,
             "at": step.at.isoformat(timespec="seconds"), "reason": step.reason}
            for step in reversed(place.history)
        ],
        "content": values_of(version),
    }  # fmt: skip


def of_own_offices(*, state: str = "") -> QuerySet[Version]:
    """The newest versions of the records of the current person's offices, last changed first.

    Args:
        state: only those in this state; without it, all that is not at rest comes first.
    """
    found = Version.objects.filter(owner_id__in=own_actors()).select_related("record", "owner")
    if state:
        return found.filter(state=state).order_by("-changed_at", "-pk")
    return found.exclude(state__in=AT_REST).order_by("-changed_at", "-pk")


def states_of_own_offices() -> list[tuple[State, int]]:
    """How many versions of the current person's offices are in each state, in the order of the lifecycle."""
    counted = dict(
        Version.objects.filter(owner_id__in=own_actors()).values_list("state").annotate(Count("pk")).order_by()
    )
    return [(state, counted[state]) for state in State if counted.get(state)]
