"""Tells who is here, with what roles."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from minga.accounts.models import Profile
from minga.actors.models import Grant


def everybody() -> QuerySet[Profile]:
    """The people that may be seen, with the roles that hold today: by the database's day (UTC), which decides of rights."""
    today = datetime.now(UTC).date()
    now = Grant.objects.filter(Q(until=None) | Q(until__gte=today)).select_related("actor", "process")
    return Profile.objects.filter(erased_at=None).prefetch_related(Prefetch("grants", now)).order_by("name", "id")


def as_dict(person: Profile) -> dict[str, Any]:
    """A person for scripts."""
    return {
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "is_active": person.is_active,
        "is_demonstration": person.is_demonstration,
        "roles": [
            {"role": grant.role, "actor": grant.actor.slug, "process": grant.process.slug if grant.process else "",
             "since": grant.since.isoformat()}
            for grant in person.grants.all()
        ],
    }  # fmt: skip
