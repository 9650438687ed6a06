"""Invitations: people are asked in, by a link that works once and for a time."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth import password_validation
from django.db import transaction
from django.utils import timezone

from minga.accounts.models import Invitation, Person, Profile
from minga.accounts.routing import SIGNIN

VALID_DAYS = 14
RESET_DAYS = 2  # for somebody who asked for it just now


class NotValid(Exception):
    """The link was used, is too old, or never was."""


def invite(person: Profile, *, by: int | None, days: int = VALID_DAYS) -> str:
    """Make a link for a person; earlier ones end.

    Args:
        person: who may set a password with it.
        by: the id of whoever invites; None for an operator.
        days: how long it works.

    Returns:
        the secret part of the link, which is kept nowhere.
    """
    now = timezone.now()
    Invitation.objects.filter(person=person, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        person=person, token_hash=_hash(token), invited_by=by, expires_at=now + timedelta(days=days)
    )
    return token


def find(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link.

    Raises:
        NotValid: there is none that may still be followed.
    """
    found = Invitation.objects.using(SIGNIN).filter(token_hash=_hash(token), used_at=None, expires_at__gt=at).first()
    if found is None:
        raise NotValid
    return found


def accept(token: str, *, name: str, language: str, password: str, at: datetime) -> Person:
    """Set the password of an invited person and let her in; the link then no longer works.

    Raises:
        NotValid: the link was used meanwhile, or is too old.
        ValidationError: the password is too weak.
    """
    with transaction.atomic(using=SIGNIN):
        invitation = find(token, at=at)
        # Two at once: the second finds nothing to mark.
        if not Invitation.objects.using(SIGNIN).filter(pk=invitation.pk, used_at=None).update(used_at=at):
            raise NotValid
        person = Person.objects.filter(pk=invitation.person_id, erased_at=None, disabled_at=None).first()
        if person is None:
            raise NotValid
        password_validation.validate_password(password, person)
        person.name, person.language, person.is_active = name, language, True
        person.set_password(password)
        person.save(update_fields=["name", "language", "is_active", "password"])
    return person


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
