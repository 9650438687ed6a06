"""Ending access: at once, for a lost second factor, or for good."""

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from minga.accounts import inviting
from minga.accounts.models import Profile
from minga.audit import changes as audit
from minga.audit.by import By
from minga.notifications import outbox


def disable(person: Profile, *, by: By) -> None:
    """End a person's access and her roles at once."""
    _close(person, "disable")
    person.is_active = False
    audit.note("person.disabled", subject=f"person:{person.pk}", by_person=by.person, by_operator=by.operator)


def reset(person: Profile, *, by: By, site: str = "") -> str:
    """End sessions, password and second factors of a person, and make a link to set them anew.

    Args:
        person: who lost hers.
        by: who lets her.
        site: the site's address, for the link in the mail.

    Returns:
        the link's path.
    """
    _close(person, "reset")
    token = inviting.invite(person, by=by.person, days=inviting.RESET_DAYS)
    audit.note("person.reset", subject=f"person:{person.pk}", by_person=by.person, by_operator=by.operator)
    with translation.override(person.language):
        path = reverse("invitation", args=[token])
        subject = _("%(site)s: set your password and second factor anew") % {"site": settings.SITE_NAME}
        body = _("Follow this link; it works once, within %(days)d days:\n%(link)s") % {
            "days": inviting.RESET_DAYS, "link": f"{site}{path}",
        }  # fmt: skip
    outbox.put(to=person.email, person=person.pk, subject=subject, body=body, at=timezone.now())
    return path


def erase(person: Profile, *, by: By) -> None:
    """Remove what is held about a person for good. What she did stays, without her name; her roles end."""
    _close(person, "erase")
    audit.note("person.erased", subject=f"person:{person.pk}", by_person=by.person, by_operator=by.operator)


def _close(person: Profile, how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select accounts_close(%s, %s)", [person.pk, how])
