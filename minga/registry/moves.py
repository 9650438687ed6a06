"""Steps of the lifecycle, taken through the database's own function: what it refuses becomes a sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.audit.by import By
from minga.registry.lifecycle import STEPS, State, Step
from minga.registry.models import Version


class NotPossible(Exception):
    """The record's state does not allow the change; the message says why."""


class NotThere(Exception):
    """There is nothing, or nothing that this person may do it to: both are the same."""


class NoReason(NotPossible):
    """The step asks for a reason."""


class MovedOn(NotPossible):
    """Somebody else changed the version since this person read it."""


def move(
    version: Version, step: str, *, by: By, reason: str = "", seen: int | None = None, at: datetime | None = None
) -> State:
    """Take a step with a version.

    Args:
        version: which; its state is brought up to date.
        step: a name of `lifecycle.STEPS`.
        by: the person who is acting, or the operator.
        reason: why, where the step asks for it.
        seen: the revision that the person read; None when she need not have read it.
        at: when, for operators; people act now.

    Returns:
        the new state.

    Raises:
        NotThere: there is nothing that she may do this to.
        NotPossible: its state does not allow it, it was changed since, or a reason or a title is missing.
    """
    with refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select registry_move(%s, %s, %s, %s, %s, %s)", [version.pk, step, reason.strip(), seen, by.operator, at]
        )
        state = State(cursor.fetchone()[0])
    audit.note(
        f"record.{step}", subject=f"record:{version.record.public_id}", by_person=by.person, by_operator=by.operator,
        owner_actor=version.owner_id, reason=reason.strip(), version=version.number,
    )  # fmt: skip
    version.state = state
    return state


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a function of the database refuses into what people are told."""
    try:
        yield
    except DatabaseError as problem:
        code = getattr(problem.__cause__, "sqlstate", None)
        if code not in ("MG404", "MG409", "MG410", "MG411", "MG412", "MG422", "MG423", "MG424", "MG425"):
            raise
        raise _refusal(code, str(problem.__cause__.diag.message_primary)) from problem


def _refusal(code: str, message: str) -> Exception:
    if code == "MG404":
        return NotThere()
    if code == "MG409":
        return NotPossible(
            _("It is in the state “%(state)s” now, which does not allow this step.") % {"state": State(message).label}
        )
    if code == "MG410":
        return MovedOn(_("Its text was changed since you opened it. Read it again before you decide."))
    if code == "MG411":
        return NotPossible(_("A version of it is being worked on. Wait until that one is published or given up."))
    if code == "MG412":
        return NotPossible(_("Its new owner has a record with the same external id already."))
    if code == "MG424":
        return NotPossible(_("It is entered on another's behalf: the letter that allows it is missing."))
    if code == "MG425":
        return NotPossible(merged_already())
    if code == "MG422":
        return NoReason(_("Give a reason: whoever it concerns will read it."))
    return NotPossible(_("It is not complete yet: it has no title, or a field that cannot be read."))


def merged_already() -> str:
    """Why a record that was merged into another is not changed."""
    return _("It was merged into another record. Change that one, or undo the merge first.")


def steps_now(version: Version) -> list[Step]:
    """The steps that the current person may take with a version, in the order of the lifecycle."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_steps_now(%s)", [version.pk])
        names = set(cursor.fetchone()[0])
    return [step for step in STEPS.values() if step.name in names]
