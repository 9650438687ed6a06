"""The command `minga evaluate`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.evaluation import labelled, pairs

evaluate = typer.Typer(help="How good the methods are, on labelled JSON Lines files.", no_args_is_help=True)
train = typer.Typer(help="Train the small models that are shipped, on labelled JSON Lines files.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.add_typer(evaluate, name="evaluate")
    app.add_typer(train, name="train")
    pairs.add_to(evaluate, train)


@evaluate.callback()
def _evaluate() -> None:
    """How good the methods are, on labelled JSON Lines files. Nothing is kept."""


@train.callback()
def _train() -> None:
    """Train the small models that are shipped, on labelled JSON Lines files. Writes into the package's folder."""


@train.command("search")
def train_search(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Records, retellings, requests, queries; else those shipped."),
    ] = None,
) -> None:
    """The ranking of search: how its signals weigh against each other, for queries of each length."""
    from minga.evaluation.searching import train as run

    given = labelled.read(files or [])
    with opened():
        note_command("operator.train")
        become("worker")
        typer.echo(_("Trained on %(number)d labelled texts.") % {"number": run(given)})


@train.command("coding")
def train_coding(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Labelled records beside those that are shipped.")
    ] = None,
) -> None:
    """The model that proposes objectives and principles, on the bundled records and the shipped examples."""
    from minga.evaluation.coding import train as run

    number = run(labelled.read(files).records if files else [])
    typer.echo(_("Trained on %(number)d labelled texts.") % {"number": number})


@evaluate.command("coding")
def evaluate_coding(
    files: Annotated[list[Path] | None, typer.Argument(exists=True, help="Labelled records; else the bundled.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Proposals of objectives and principles, cross-validated, beside three untrained methods, with 95 % intervals."""
    from minga.evaluation.coding import evaluate as run

    found = run(labelled.read(files).records if files else [])
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for kind, methods in found.items():
        typer.echo(f"\n{kind} ({next(iter(methods.values()))['number']:.0f})")
        for method, told in methods.items():
            names = [each for each in told if f"{each} low" in told]
            shown = [
                f"{each} {told[each]:.2f} [{told[f'{each} low']:.2f}, {told[f'{each} high']:.2f}]" for each in names
            ]
            typer.echo(f"  {method:16} {'  '.join(shown)}")


@evaluate.command("search")
def evaluate_search(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Records, retellings, requests, queries; else those shipped."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Search beside plain full text, the raw first encoder and both encoders, with 95 % intervals."""
    from minga.evaluation.searching import evaluate as run

    given = labelled.read(files or [])
    with opened():
        note_command("operator.evaluate")
        become("worker")
        found = run(given)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for name, methods in found.items():
        typer.echo(f"\n{name} ({next(iter(methods.values()))['number']:.0f})")
        for method, told in methods.items():
            shown = "  ".join(
                f"{each} {told[each]:.2f} [{told[f'{each} low']:.2f}, {told[f'{each} high']:.2f}]"
                for each in ("first", "five", "ten", "reciprocal")
            )
            typer.echo(f"  {method:20} {shown}")
