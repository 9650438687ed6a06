"""The roles a person may hold, and what each is for.

Grants (who holds which role for which actor or process, since when) are kept in `actors`. What a role may do is decided
by the database alone: policies and functions ask the grants (actors/migrations/0004_roles.py), and the lifecycle names
who takes which step (registry/lifecycle.py). Pages ask them what they may offer; none decides by itself.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is for an actor, a process or the installation."""

    CONTRIBUTOR = "contributor", _("Contributor")
    FOCAL_POINT = "focal_point", _("Focal point")
    ENDORSER = "endorser", _("Endorsing officer")
    MODERATOR = "moderator", _("Moderator")
    SECRETARIAT = "secretariat", _("Secretariat")
    ADMINISTRATOR = "administrator", _("Administrator")


OF_ACTOR = (Role.CONTRIBUTOR, Role.FOCAL_POINT, Role.ENDORSER)
OF_PROCESS = (Role.MODERATOR, Role.SECRETARIAT)

MEANINGS = {
    Role.CONTRIBUTOR: _("Writes records of her office and sends them to the endorsing office."),
    Role.FOCAL_POINT: _("Writes records of her office, submits what was endorsed, corrects and withdraws."),
    Role.ENDORSER: _("Reads what waits for her office's endorsement, endorses it or returns it."),
    Role.MODERATOR: _("Judges what others submit to a process, never what comes from her own country or institution."),
    Role.SECRETARIAT: _("Publishes what was accepted, archives and withdraws, and takes actors into the list."),
    Role.ADMINISTRATOR: _("Invites people, gives and ends roles, reads the trail and the outbox, redacts."),
}
