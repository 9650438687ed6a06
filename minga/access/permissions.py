"""The roles a person may hold for an actor or a process.

Grants (who holds which role for which actor or process) are kept in `actors`; the database's policies read them too.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is for an actor or a process."""

    CONTRIBUTOR = "contributor"
    FOCAL_POINT = "focal_point"
    ENDORSER = "endorser"
    MODERATOR = "moderator"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"
