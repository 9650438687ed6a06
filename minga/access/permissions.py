"""The roles a person may hold for an actor or a process.

Grants (who holds which role for which actor or process) are kept in `actors`; the database's policies read them too.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What a person is for an actor or a process."""

    CONTRIBUTOR = "contributor"
    FOCAL_POINT = "focal_point"
    ENDORSER = "endorser"
    MODERATOR = "moderator"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


ROLE_LABELS = {
    Role.CONTRIBUTOR: _("Contributor"),
    Role.FOCAL_POINT: _("Focal point"),
    Role.ENDORSER: _("Endorsing officer"),
    Role.MODERATOR: _("Moderator"),
    Role.SECRETARIAT: _("Secretariat"),
    Role.ADMINISTRATOR: _("Administrator"),
}

# Who of an actor's people may write its records. The database's policies hold the same list (actors/migrations).
WRITERS = (Role.CONTRIBUTOR, Role.FOCAL_POINT)
