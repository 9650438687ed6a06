"""What moderators do, through the database's own functions: what these refuse becomes a sentence for people."""

import json
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.registry.lifecycle import State
from minga.registry.moves import NoReason, refusals


def take(version: int, *, by: int) -> None:
    """Take a submission: this declares that one has no conflict of interest.

    Raises:
        NotThere: there is nothing that this moderator may take.
    """
    _call("moderation_take(%s)", [version])
    audit.note("moderation.taken", subject=f"version:{version}", by_person=by)


def declare_conflict(version: int, what: str, *, by: int) -> None:
    """Declare a conflict of interest: the record is never proposed to this moderator again.

    Raises:
        NotThere: there is nothing that this moderator could take or has taken.
    """
    _call("moderation_declare_conflict(%s, %s)", [version, what])
    audit.note("moderation.conflict_declared", subject=f"version:{version}", by_person=by)


def write_sheet(
    version: int, *, marks: Mapping[str, Mapping[str, str]], outcome: str, remark: str, file: bool, by: int
) -> State:
    """Keep a sheet as it is so far, or file it.

    Args:
        version: what is judged.
        marks: criterion -> {"mark", "remark"}.
        outcome: what is recommended; needed for filing.
        remark: to the author; needed for filing.
        file: whether it is finished.
        by: the moderator.

    Returns:
        the state of the version afterwards.

    Raises:
        NotThere: this moderator has no sheet of it.
        NotPossible: it was filed or decided already, or outcome or remark are missing.
    """
    if file and (not outcome or not remark.strip()):
        raise NoReason(_("Choose what you recommend, and say why: the author reads it."))
    state = State(_call("moderation_write(%s, %s, %s, %s, %s)", [version, json.dumps(marks), outcome, remark, file]))
    if file:
        audit.note("moderation.filed", subject=f"version:{version}", by_person=by, outcome=outcome)
    return state


def _call(function: str, parameters: list):
    with refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select {function}", parameters)
        return cursor.fetchone()[0]
