"""Bringing people in: a profile, roles, and a link that they follow."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from minga.access.permissions import OF_ACTOR, OF_PROCESS, Role
from minga.accounts import inviting
from minga.accounts.models import Profile
from minga.actors.models import Actor, Grant
from minga.actors.queries import PROCESS_KINDS
from minga.audit import changes as audit
from minga.audit.by import By
from minga.notifications import outbox


class CannotGrant(Exception):
    """A role does not fit what it was asked for; the message says what to mend."""


@dataclass(frozen=True)
class Invited:
    """A person who was brought in."""

    person: Profile
    is_new: bool
    token: str  # of the link; empty when she had an account already

    @property
    def path(self) -> str:
        """The link's path."""
        with translation.override(self.person.language):
            return reverse("invitation", args=[self.token]) if self.token else ""


@transaction.atomic
def invite(
    *, email: str, name: str, language: str, role: Role, actor: Actor, process: Actor | None, by: By, on: date,
    site: str = "",
) -> Invited:  # fmt: skip
    """Bring somebody in with a role; who has an account already gets the role beside her others.

    Args:
        email: her address.
        name: how she is called; she may change it.
        language: of her pages and mail.
        role: what she is to be.
        actor: for whom; for roles of a process, the institution that she comes from.
        process: for the roles of a process; the installation's own where none is given.
        by: who invites.
        on: the day from which it holds.
        site: the site's address, for the link in the mail.

    Raises:
        CannotGrant: role, actor and process do not fit together.
    """
    person = Profile.objects.filter(email__iexact=email).first()
    is_new = person is None
    if person is not None and person.disabled_at is not None:
        raise CannotGrant(_("Her access was ended. Give it back first: minga user reset."))
    if person is None:
        person = Profile.objects.create(
            email=email.lower(), name=name or email.split("@", maxsplit=1)[0], language=language, is_active=False
        )
    give_role(person, role=role, actor=actor, process=process, by=by, on=on)
    token = "" if person.is_active else inviting.invite(person, by=by.person)
    invited = Invited(person, is_new, token)
    if token:
        _write_to(invited, site)
    audit.note("person.invited", subject=f"person:{person.pk}", by_person=by.person, by_operator=by.operator)
    return invited


def give_role(person: Profile, *, role: Role, actor: Actor, process: Actor | None, by: By, on: date) -> Grant:
    """Give a person a role from a day on; a role that she has already stays as it is.

    Raises:
        CannotGrant: the role does not fit the actor or the process.
    """
    if role in OF_PROCESS and process is None:
        process = Actor.objects.filter(slug=settings.PROCESS).first()
    if role not in OF_PROCESS:
        process = None
    if process is not None and process.kind not in PROCESS_KINDS:
        raise CannotGrant(_("%(name)s is not a process. Name one such as rcm.") % {"name": process.slug})
    if role in OF_ACTOR and actor.kind in PROCESS_KINDS:
        raise CannotGrant(_("This role is for an actor: a State, an agency, a city, a network."))
    held = Grant.objects.filter(person=person, role=role, actor=actor, process=process, until=None).first()
    if held:
        return held
    grant = Grant.objects.create(person=person, role=role, actor=actor, process=process, since=on, granted_by=by.person)
    audit.note(
        "person.role_given", subject=f"person:{person.pk}", by_person=by.person, by_operator=by.operator,
        role=str(role), actor=actor.slug, process=process.slug if process else "",
    )  # fmt: skip
    return grant


def end_role(grant: Grant, *, by: By, on: date) -> None:
    """End a role: from this moment on it no longer holds, by the database's day too, which decides."""
    with connection.cursor() as cursor:
        cursor.execute("select current_date")
        today = min(on, cursor.fetchone()[0])
    Grant.objects.filter(pk=grant.pk).update(until=today - timedelta(days=1))
    audit.note(
        "person.role_ended", subject=f"person:{grant.person_id}", by_person=by.person, by_operator=by.operator,
        role=grant.role, actor=grant.actor.slug,
    )  # fmt: skip


def _write_to(invited: Invited, site: str) -> None:
    with translation.override(invited.person.language):
        subject = _("%(site)s: you are invited") % {"site": settings.SITE_NAME}
        body = _(
            "You are invited to %(site)s.\n\nChoose a password with this link; it works once, within %(days)d days:\n"
            "%(link)s\n\nIf you did not expect this, do nothing."
        ) % {"site": settings.SITE_NAME, "days": inviting.VALID_DAYS, "link": f"{site}{invited.path}"}
    outbox.put(to=invited.person.email, person=invited.person.pk, subject=subject, body=body, at=timezone.now())
