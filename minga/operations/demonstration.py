"""Accounts of every kind to try the site with, on the machine itself and while it has no public name.

Their passwords and second factors are made at random for this installation and kept in a file that only its user can
read, so that each start can say how to sign in.
"""

import json
import secrets
import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.utils import timezone

from minga.access.permissions import Role
from minga.access.rowsecurity import operator_name, seeing_all
from minga.accounts.demonstration import DOMAIN
from minga.accounts.models import Person, Profile
from minga.actors.models import Actor
from minga.audit import changes as audit
from minga.audit.by import By
from minga.installation.home import Home, write_whole
from minga.moderation.models import Expertise
from minga.people.inviting import give_role

FILE = "demonstration.json"
PERIOD = 30  # seconds that a code of an authenticator app holds


@dataclass(frozen=True)
class Part:
    """Somebody to play."""

    code: str
    name: str
    language: str
    role: Role
    actor: str
    also: tuple[Role, ...] = ()  # so that a small secretariat can be played: it enters records for others too


CAST = (
    Part("focal-point", "Ana Demostración", "es", Role.FOCAL_POINT, "slv"),
    Part("contributor", "Carlos Demostración", "es", Role.CONTRIBUTOR, "slv"),
    Part("endorser", "Elena Demostración", "es", Role.ENDORSER, "slv"),
    Part("moderator-1", "Mary Demonstration", "en", Role.MODERATOR, "iom"),
    Part("moderator-2", "Marc Démonstration", "fr", Role.MODERATOR, "can"),
    Part("moderator-3", "Marta Demonstração", "pt", Role.MODERATOR, "bra"),
    Part(
        "secretariat",
        "Sonia Demostración",
        "es",
        Role.SECRETARIAT,
        "rcm-executive-secretariat",
        also=(Role.FOCAL_POINT, Role.ENDORSER),
    ),
    Part("administrator", "Alex Demonstration", "en", Role.ADMINISTRATOR, "rcm-executive-secretariat"),
    Part("focal-point-of-another-country", "Gabriel Demostración", "es", Role.FOCAL_POINT, "gtm"),
)


def ensure(home: Home) -> None:
    """Make the accounts while the site has no public name, and end them once it has one. As the worker."""
    if settings.HOST:
        _end()
        return
    known = _read(home)
    for part in CAST:
        email = f"{part.code}@{DOMAIN}"
        if email not in known:
            known[email] = {"password": secrets.token_urlsafe(12), "key": generate_totp_secret()}
        _play(part, email, known[email])
    _write(home, known)


def _play(part: Part, email: str, secret: dict[str, str]) -> None:
    actor = Actor.objects.filter(slug=part.actor).first()
    if actor is None or Profile.objects.filter(email=email, is_active=True).exists():
        return
    with seeing_all():
        person, _is_new = Profile.objects.update_or_create(
            email=email,
            defaults={"name": part.name, "language": part.language, "is_active": True, "is_demonstration": True},
        )
        by = By(operator=operator_name())
        for role in (part.role, *part.also):
            give_role(person, role=role, actor=actor, process=None, by=by, on=timezone.localdate())
        if part.role is Role.MODERATOR:
            Expertise.objects.get_or_create(person=person.pk, defaults={"languages": ["es", part.language]})
    # What is secret goes through the connection of sign-in, once the person is there for it.
    account = Person.objects.get(pk=person.pk)
    account.set_password(secret["password"])
    account.save(update_fields=["password"])
    Authenticator.objects.filter(user=account).delete()
    TOTP.activate(account, secret["key"])


def _end() -> None:
    people = list(Profile.objects.filter(is_demonstration=True, is_active=True))
    if not people:
        return
    with seeing_all():
        Profile.objects.filter(pk__in=[each.pk for each in people]).update(is_active=False)
        audit.note("operations.demonstration_ended", by_operator=operator_name(), number=len(people))


def lines(home: Home) -> list[tuple[str, str, str, str]]:
    """(role, address, password, the code of the second factor that holds now) of each account."""
    known = {} if settings.HOST else _read(home)
    return [
        (str(part.role.label), email, known[email]["password"], code_of(known[email]["key"]))
        for part in CAST
        if (email := f"{part.code}@{DOMAIN}") in known
    ]


def code_of(key: str) -> str:
    """The six digits that an authenticator app with this key shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // PERIOD))


def _read(home: Home) -> dict[str, dict[str, str]]:
    file = home.folder / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _write(home: Home, known: dict[str, dict[str, str]]) -> None:
    write_whole(home.folder / FILE, known, mode=0o600)
