"""Commands on vocabularies."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.access.command_line import operating
from minga.installation.problems import InstallationProblem
from minga.vocabularies import loading

vocabularies = typer.Typer(help="Frameworks and lists that records are classified by.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.add_typer(vocabularies, name="vocabularies")


@vocabularies.command()
def load(file: Annotated[Path, typer.Argument(help="A vocabulary file (see vocabularies/data/FORMAT.md).")]) -> None:
    """Add a framework or list from a file, or bring it to a newer version. No code is needed."""
    with operating("operator.vocabulary", file=file.name):
        try:
            number = loading.load_file(file)
        except loading.UnusableVocabulary as problem:
            raise InstallationProblem(str(problem)) from problem
    typer.echo(_("%(file)s: %(number)d concepts.") % {"file": file.name, "number": number})


@vocabularies.command("list")
def list_schemes() -> None:
    """List the frameworks and lists that are loaded, with their versions."""
    from minga.vocabularies.models import Scheme

    with operating("operator.vocabulary"):
        for scheme in Scheme.objects.all():
            typer.echo(f"{scheme.code}\t{scheme.version}\t{scheme.names.get('en', '')}")
