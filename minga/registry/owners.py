"""Whose a record is: entered on another's behalf with a letter, or claimed by whoever made what it tells of.

A record that was taken from a public source is kept by the secretariat until its maker claims it; whoever keeps it
answers. The database decides who may (migrations/0006_whose_it_is.py).
"""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Q

from minga.access.permissions import Role
from minga.actors import grants
from minga.actors.models import Actor
from minga.audit import changes as audit
from minga.audit.by import By
from minga.registry.lifecycle import State
from minga.registry.models import Claim, Record, Version
from minga.registry.moves import refusals


def claimants_of(version: Version) -> list[Actor]:
    """The current person's offices that may claim a listed version's record for themselves: of a State that it names,
    of none, or with a part in it."""
    led = [each for each in grants.actors_as(Role.FOCAL_POINT) if each != version.owner_id]
    if not led or not version.is_listed:
        return []
    if not (version.state == State.PUBLISHED_FROM_SOURCE and version.is_public):
        led = [each for each in led if each == version.on_behalf_of_id]
    near = Q(country__in=version.places) | Q(country="") | Q(participations__version=version)
    if version.on_behalf_of_id in led:
        near |= Q(pk=version.on_behalf_of_id)
    return list(Actor.objects.filter(near, pk__in=led).distinct().order_by("slug"))


def claim(record: Record, *, claimant: int, note: str, by: By) -> int:
    """Say that a record is one's own office's.

    Args:
        record: which.
        claimant: id of the actor.
        note: for whoever keeps the record, why it is.
        by: a focal point of the claimant.

    Returns:
        the claim's id.

    Raises:
        NotThere: there is nothing that she may claim.
    """
    with refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select registry_claim_record(%s, %s, %s)", [record.pk, claimant, note])
        made = cursor.fetchone()[0]
    audit.note(
        "record.claimed", subject=f"record:{record.public_id}", by_person=by.person, owner_actor=claimant
    )  # fmt: skip
    return made


def answer(claim: Claim, *, grant: bool, reason: str, by: By) -> None:
    """Hand a record over to whoever claims it, or refuse with a reason.

    Raises:
        NotThere: it is not hers to answer.
        NotPossible: it was answered, a version is being worked on, or the reason of a refusal is missing.
    """
    owner = claim.record.owner_id
    with refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select registry_answer_claim(%s, %s, %s)", [claim.pk, grant, reason.strip()])
    audit.note(
        "record.handed_over" if grant else "record.claim_refused", subject=f"record:{claim.record.public_id}",
        by_person=by.person, by_operator=by.operator, owner_actor=owner, reason=reason.strip(), to=claim.actor.slug,
    )  # fmt: skip


def open_claims() -> Iterator[Claim]:
    """Claims that the current person may answer, oldest first."""
    keeps = Q(record__owner__in=grants.actors_as(Role.FOCAL_POINT))
    if grants.processes_as(Role.SECRETARIAT):
        keeps |= ~Q(actor__in=grants.own_actors())  # what else her role lets her read
    found = Claim.objects.filter(keeps, is_granted=None).select_related("record", "actor")
    return found.order_by("at").iterator()


def claims_on(record: Record) -> list[Claim]:
    """All claims on a record that the current person may read, newest first."""
    return list(Claim.objects.filter(record=record).select_related("actor", "former_owner").order_by("-at"))


def handed_over_unread(endorsed: list[int]) -> Q:
    """Versions that were handed over to one of these actors and stand as their source had them.

    Args:
        endorsed: ids of the actors that the current person endorses for.
    """
    handed = Claim.objects.filter(is_granted=True, actor__in=endorsed).values("record")
    return Q(owner__in=endorsed, state=State.PUBLISHED_FROM_SOURCE, record__in=handed)
