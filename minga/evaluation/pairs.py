"""The commands `minga evaluate duplicates` and `minga train duplicates`."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.evaluation import labelled, measured
from minga.installation.problems import InstallationProblem

Files = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, help="Records, and retellings and near misses of them; else those shipped."),
]
SHOWN = ("average precision", "precision at 95 % recall", "calibration error")


def add_to(evaluate: typer.Typer, train: typer.Typer) -> None:
    """Add the commands to their groups."""
    evaluate.command("duplicates")(evaluate_duplicates)
    train.command("duplicates")(train_duplicates)


def evaluate_duplicates(
    files: Files = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Note the figures of the shipped texts, for the page that readers see.")
    ] = False,
) -> None:
    """The scorer of duplicates beside a fuzzy match, the raw first encoder and both encoders, with 95 % intervals."""
    from minga.evaluation.duplicates import evaluate as run

    if write and files:
        raise InstallationProblem(_("Readers are told how good it is on the shipped texts: leave out the files."))
    found = run(labelled.read(files or []))
    if write:
        measured.write("duplicates", found, on=date.today())  # noqa: DTZ011
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for name, methods in found.items():
        typer.echo(f"\n{name} ({next(iter(methods.values()))['pairs']:.0f})")
        for method, told in methods.items():
            shown = [
                f"{each} {told[each]:.3f} [{told[f'{each} low']:.3f}, {told[f'{each} high']:.3f}]"
                for each in SHOWN if each in told
            ]  # fmt: skip
            typer.echo(f"  {method:20} {'  '.join(shown)}")


def train_duplicates(files: Files = None) -> None:
    """The scorer of duplicates: how likely two texts tell of the same effort."""
    from minga.evaluation.duplicates import train as run

    typer.echo(_("Trained on %(number)d labelled texts.") % {"number": run(labelled.read(files or []))})
