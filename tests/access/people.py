"""People of every role over generated records, and what each may read: said here once more, apart from the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch

from django.test import Client

from minga.accounts import guards
from minga.accounts.middleware import SignedIn
from minga.accounts.models import Profile
from minga.actors.models import Grant
from minga.moderation.models import Sheet
from minga.registry.lifecycle import STANDING, State
from minga.registry.models import Reader, Version, Visibility
from tests.making import AT, actor_id

AUTHORS = ("contributor", "focal_point", "endorser")
WRITERS = ("contributor", "focal_point")


@dataclass
class Somebody:
    """A person with one role."""

    pk: int
    role: str
    actor: str
    process: str = ""
    took: set[int] = field(default_factory=set)  # versions that she judges

    def may_read(self, version: Version) -> bool:
        """The rule of reading, in the words of the threat model."""
        own = self.actor if self.role in AUTHORS else ""
        # What was merged into another record is read by whoever could read it before.
        listed = version.state in STANDING
        return any((
            listed and version.visibility == Visibility.PUBLIC,
            own and version.owner.slug == own,
            # members of the process, or its own people
            listed and version.visibility == Visibility.PARTICIPANTS and (own in ("slv", "gtm") or self.process),
            listed and version.visibility == Visibility.NAMED and own and actor_id(own) in version.audience,
            self.role == "secretariat" and version.submitted_at is not None,
            version.pk in self.took and version.state in (State.SUBMITTED, State.IN_MODERATION),
            # it was entered for them
            own and version.on_behalf_of_id == actor_id(own) and version.state != State.DRAFT,
            # named by it, and told before it is published
            own and version.state == State.ACCEPTED
            and Reader.objects.filter(version=version, actor=actor_id(own)).exists(),
        ))  # fmt: skip

    def may_write(self, version: Version) -> bool:
        """Only drafts of her own office."""
        return self.role in WRITERS and version.owner.slug == self.actor and version.state == State.DRAFT


def everybody() -> list[Somebody]:
    """One person of each role, for different countries and bodies, and one whose role has ended."""
    return [
        make_person("focal_point", "slv"),
        make_person("contributor", "gtm"),
        make_person("endorser", "gtm"),
        make_person("moderator", "iom", "rcm"),
        make_person("secretariat", "rcm-executive-secretariat", "rcm"),
        make_person("administrator", "rcm-executive-secretariat"),
        make_person("focal_point", "slv", until=date(2021, 1, 1)),
    ]


def make_person(role: str, actor: str, process: str = "", *, until: date | None = None) -> Somebody:
    """A person with a role, which may have ended."""
    person = Profile.objects.create(email=f"{role}-{actor}-{until}@example.org", name=f"{role} {actor}")
    Grant.objects.create(
        person=person, actor_id=actor_id(actor), role=role, since=date(2020, 1, 1), until=until,
        process_id=actor_id(process) if process else None,
    )  # fmt: skip
    return Somebody(person.pk, role if until is None else "nobody", actor if until is None else "", process)


def let_moderate(moderator: Somebody, versions: list[Version]) -> None:
    """Let a moderator have taken some versions."""
    for version in versions:
        Sheet.objects.create(version=version, person=moderator.pk, taken_at=AT, names_shown=False)
        Reader.objects.create(version=version, person=moderator.pk, why=Reader.Why.MODERATOR, since=AT)
        moderator.took.add(version.pk)


@contextmanager
def signed_in_as(person: int) -> Iterator[Client]:
    """A client whose requests are this person's; signing in itself is tested in a real browser."""

    def known(self, request):
        request.person = person
        return self.get_response(request)

    with patch.object(SignedIn, "__call__", known), patch.object(guards, "has_proven_herself", lambda request: True):
        yield Client()
