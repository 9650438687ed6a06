"""The command that takes a passage out."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.access.command_line import operating
from minga.access.rowsecurity import operator_name
from minga.audit.by import By
from minga.installation.problems import InstallationProblem
from minga.redaction import changes
from minga.redaction.models import Redaction
from minga.registry.models import Record


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(redact)


def redact(
    record: Annotated[str, typer.Argument(metavar="ID", help="The record's id, as in its address.")],
    reason: Annotated[str, typer.Option(help="Shown at the record; it must not repeat the passage.")],
    passage: Annotated[str, typer.Option(help="As it stands in the text.")] = "",
    file: Annotated[str, typer.Option(help="The SHA-256 of a file, instead of a passage.")] = "",
) -> None:
    """Take a passage or a file out of everything that is kept of a record, for good."""
    with operating("operator.redact", subject=f"record:{record}"):
        found = Record.objects.filter(public_id=record).first()
        if found is None:
            raise InstallationProblem(_("There is no record %(id)s.") % {"id": record})
        try:
            asked = changes.ask(
                found.pk, passage=passage, sha256=file, reason=reason, by=By(operator=operator_name()),
                at=datetime.now(UTC),
            )  # fmt: skip
        except changes.CannotRedact as problem:
            raise InstallationProblem(str(problem)) from problem
        places = changes.apply(Redaction.objects.get(pk=asked.pk))
    typer.echo(_("Taken out in %(places)d places.") % {"places": places})
