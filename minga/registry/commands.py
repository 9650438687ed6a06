"""Commands on single records."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.access.command_line import operating
from minga.access.rowsecurity import operator_name
from minga.audit.by import By
from minga.installation.problems import InstallationProblem
from minga.registry import changes
from minga.registry.models import Record


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(withdraw)


def withdraw(
    record: Annotated[str, typer.Argument(metavar="ID", help="The record's id, as in its address.")],
    reason: Annotated[str, typer.Option(help="Shown at the record's address.")],
) -> None:
    """Take a published record off the site. Its address says that it was withdrawn, and why."""
    with operating("operator.withdraw", subject=f"record:{record}", reason=reason):
        found = Record.objects.filter(public_id=record).first()
        if found is None:
            raise InstallationProblem(_("There is no record %(id)s.") % {"id": record})
        try:
            changes.withdraw_record(found, reason=reason, by=By(operator=operator_name()), at=datetime.now(UTC))
        except changes.NotPossible as problem:
            raise InstallationProblem(str(problem)) from problem
    typer.echo(_("Record %(id)s is withdrawn.") % {"id": record})
